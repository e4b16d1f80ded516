// Texts in the page's language: by Django's catalogue where the page has loaded it, in English where it has not.

import assert from "node:assert/strict";
import { test } from "node:test";

/** A German catalogue, as Django's script defines it. */
const CATALOGUE = {
  gettext: (/** @type {string} */ text) => ({ Copied: "Kopiert" })[text] ?? text,
  ngettext: (/** @type {string} */ one, /** @type {string} */ _many, /** @type {number} */ number) =>
    one === "%(n)s file" ? (number === 1 ? "%(n)s Datei" : "%(n)s Dateien") : one,
};

/**
 * Return the modules as a page of this language has them.
 *
 * @param {string} lang
 * @param {typeof CATALOGUE | undefined} catalogue
 */
async function modulesIn(lang, catalogue) {
  Object.assign(globalThis, { document: { documentElement: { lang } }, django: catalogue });
  const { gettext, ngettext, interpolate } = await import(`../../static/js/lib/translation.js?${lang}`);
  return { gettext, ngettext, interpolate };
}

test("without a catalogue a text is itself, in its English number", async () => {
  const { gettext, ngettext, interpolate } = await modulesIn("en", undefined);
  assert.equal(gettext("Copied"), "Copied");
  const files = (/** @type {number} */ n) => interpolate(ngettext("%(n)s file", "%(n)s files", n), { n });
  assert.deepEqual([files(0), files(1), files(10_000)], ["0 files", "1 file", "10,000 files"]);
});

test("with a catalogue it is in the page's language", async () => {
  const { gettext, ngettext, interpolate } = await modulesIn("de", CATALOGUE);
  assert.equal(gettext("Copied"), "Kopiert");
  assert.equal(interpolate(ngettext("%(n)s file", "%(n)s files", 2), { n: 2 }), "2 Dateien");
});

test("what is filled in is not read again", async () => {
  const { interpolate } = await modulesIn("en", undefined);
  assert.equal(interpolate("%(name)s: %(why)s", { name: "%(why)s", why: "full" }), "%(why)s: full");
});
