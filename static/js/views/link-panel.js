// The options of a link beside what it leads to: texts and rules, then Copy link, or Send to the people it is for.

import { ApiError } from "../lib/api.js";
import { newId } from "../lib/ids.js";
import { asLocal } from "../lib/local-date.js";
import { gettext, interpolate, ngettext } from "../lib/translation.js";
import { copyLink, whyNot } from "./copy-link.js";
import { copyOf, partsOf } from "./parts.js";

/** @typedef {import("../uploads/upload-links.js").Rules} Rules */
/** @typedef {import("./copy-link.js").Link} Link */

/**
 * `make` promises the link under these rules, made or changed; `mail` emails it.
 *
 * @typedef {{
 *   make: (rules: Rules) => Promise<Link>,
 *   mail: (link: Link, recipients: schema.RecipientsIn) => Promise<schema.RecipientsOut>,
 * }} LinkActions
 */

const PARTS = {
  title: HTMLInputElement,
  message: HTMLTextAreaElement,
  expiry: HTMLSelectElement,
  "day-field": HTMLElement,
  day: HTMLInputElement,
  password: HTMLInputElement,
  limit: HTMLInputElement,
  to: HTMLTextAreaElement,
  copy: HTMLButtonElement,
  send: HTMLButtonElement,
  said: HTMLElement,
  link: HTMLElement,
  address: HTMLInputElement,
  copied: HTMLElement,
  rules: HTMLAnchorElement,
};

// The fields that a problem of the API is about, by its kind.
/** @type {Record<string, "password" | "limit" | "expiry" | "to">} */
const FIELDS = {
  "invalid-password": "password",
  "invalid-limit": "limit",
  "invalid-expiry": "expiry",
  "invalid-recipients": "to",
  "mail-limit": "to",
};

// The choice of a date of one's own, beside the spans of time.
const DATE = "date";

export class LinkPanel {
  #parts;
  #actions;
  // The fields as the link has them.
  #saved;

  /**
   * @param {HTMLElement} host the element with the template "link-panel"
   * @param {{ name: string, title: string }} of the name of what the link leads to, and the title that it gets by itself
   * @param {LinkActions} actions
   */
  constructor(host, { name, title }, actions) {
    this.element = copyOf(host, "link-panel");
    this.element.setAttribute("aria-label", interpolate(gettext("Link options for %(name)s"), { name }));
    this.#parts = partsOf(this.element, PARTS);
    this.#parts.title.value = title;
    this.#parts.said.id = newId();
    this.#parts.address.setAttribute("aria-label", interpolate(gettext("Link to %(name)s"), { name }));
    this.#actions = actions;
    this.#saved = this.#fields();
    const { copy, send, to, expiry } = this.#parts;
    expiry.addEventListener("change", () => this.#showDay());
    copy.addEventListener("click", () => this.#copy());
    send.addEventListener("click", () => this.#send());
    to.addEventListener("input", () => this.#emphasize());
    this.element.addEventListener("submit", (event) => this.#submit(event));
  }

  focus() {
    this.#parts.title.focus();
  }

  /** Ask for a date where one is to be chosen. */
  #showDay() {
    const { expiry, day, "day-field": field } = this.#parts;
    field.hidden = expiry.value !== DATE;
    day.required = !field.hidden;
    day.min = asLocal(new Date());
    if (!field.hidden) day.focus();
  }

  /** The button that does what was filled in: Send where there are addresses. */
  #emphasize() {
    const { copy, send, to } = this.#parts;
    const isMailed = to.value.trim() !== "";
    copy.classList.toggle("quiet", isMailed);
    send.classList.toggle("quiet", !isMailed);
  }

  /**
   * Enter in a field does what the emphasized button does.
   *
   * @param {Event} event
   */
  #submit(event) {
    event.preventDefault();
    if (this.#parts.to.value.trim()) this.#send();
    else this.#copy();
  }

  #fields() {
    const { title, message, expiry, day, password, limit } = this.#parts;
    return {
      title: title.value,
      message: message.value,
      expiry: expiry.value,
      day: day.value,
      password: password.value,
      limit: limit.value,
    };
  }

  /** Promise the link under the rules that were filled in. */
  async #make() {
    const fields = this.#fields();
    const link = await this.#actions.make(changesOf(fields, this.#saved));
    this.#saved = fields;
    return link;
  }

  async #copy() {
    this.#clear();
    if (!this.#parts.day.reportValidity()) return;
    // Browsers let a page copy at the moment of the click: this promise is begun there.
    const made = this.#make();
    const [, problem] = await Promise.all([copyLink(this.#parts, made), errorOf(made)]);
    if (problem) this.#mark(problem);
  }

  async #send() {
    this.#clear();
    if (!this.#parts.day.reportValidity()) return;
    const { send, said, to, message } = this.#parts;
    send.disabled = true;
    said.textContent = gettext("Sending…");
    try {
      const link = await this.#make();
      const sent = await this.#actions.mail(link, { to: to.value, message: message.value });
      said.textContent = wordsFor(sent);
      to.value = "";
      this.#emphasize();
    } catch (error) {
      said.textContent = interpolate(gettext("Nothing was sent. %(why)s"), { why: whyNot(error) });
      this.#mark(error);
    } finally {
      send.disabled = false;
    }
  }

  #clear() {
    const { title, message, expiry, day, password, limit, to, said } = this.#parts;
    said.textContent = "";
    for (const field of [title, message, expiry, day, password, limit, to]) field.removeAttribute("aria-invalid");
  }

  /**
   * Put the focus into the field that the error is about.
   *
   * @param {unknown} error
   */
  #mark(error) {
    const name = error instanceof ApiError ? FIELDS[error.kind] : undefined;
    if (!name) return;
    const field = name === "expiry" && this.#parts.expiry.value === DATE ? this.#parts.day : this.#parts[name];
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", this.#parts.said.id);
    field.focus();
  }
}

/**
 * Return the rules that are not as they were.
 *
 * @typedef {{ title: string, message: string, expiry: string, day: string, password: string, limit: string }} Fields
 * @param {Fields} fields
 * @param {Fields} saved
 */
function changesOf(fields, saved) {
  /** @type {Rules} */
  const rules = {};
  if (fields.title !== saved.title) rules.title = fields.title;
  if (fields.message !== saved.message) rules.message = fields.message;
  if (fields.expiry === DATE) {
    if (fields.day !== saved.day || saved.expiry !== DATE) rules.expires_at = new Date(fields.day).toISOString();
  } else if (fields.expiry !== saved.expiry) rules.expiry = /** @type {Rules["expiry"]} */ (fields.expiry);
  if (fields.password !== saved.password) rules.password = fields.password;
  if (fields.limit !== saved.limit) rules.download_limit = fields.limit === "" ? null : Number(fields.limit);
  return rules;
}

/** @param {schema.RecipientsOut} sent */
function wordsFor({ mailed, had_it: n, is_delivered: isDelivered }) {
  if (mailed && !isDelivered) {
    return gettext("This site has no mail server, so nothing was delivered. Copy the link and send it yourself.");
  }
  const sent = interpolate(ngettext("Sent to %(n)s person.", "Sent to %(n)s people.", mailed), { n: mailed });
  if (!n) return sent;
  const had = ngettext("%(n)s person already has this link.", "%(n)s people already have this link.", n);
  return mailed ? `${sent} ${interpolate(had, { n })}` : interpolate(had, { n });
}

/**
 * Return what a promise fails with, or null.
 *
 * @param {Promise<unknown>} promise
 */
async function errorOf(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    return error;
  }
}
