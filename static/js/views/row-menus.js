// The menus of rows: one is open at a time, and a press elsewhere or Escape closes it.

const OPEN = "details.row-menu[open]";

/** @param {EventTarget | null} target */
function closeOthers(target) {
  for (const menu of document.querySelectorAll(OPEN)) {
    if (!(target instanceof Node && menu.contains(target))) menu.removeAttribute("open");
  }
}

document.addEventListener("pointerdown", ({ target }) => closeOthers(target));
document.addEventListener("focusin", ({ target }) => closeOthers(target));
document.addEventListener("keydown", ({ key }) => {
  const menu = key === "Escape" ? document.querySelector(OPEN) : null;
  menu?.removeAttribute("open");
  menu?.querySelector("summary")?.focus();
});
