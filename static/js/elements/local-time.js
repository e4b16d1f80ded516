/**
 * <local-time> around a <time datetime>: shows it in the reader's zone, in the page's language; without script it stays
 * UTC.
 */

import { dateLocale, pageLanguage } from "../lib/locale.js";
import { gettext } from "../lib/translation.js";

const DAY = 86_400_000; // milliseconds
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const STEPS = [
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const RELATIVE_FOR = 7 * DAY; // further away, a date says more
const REFRESH_EVERY = 30_000; // milliseconds

export class LocalTime extends HTMLElement {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  connectedCallback() {
    this.#show();
    if (this.dataset.style === "relative") this.#timer = setInterval(() => this.#show(), REFRESH_EVERY);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #show() {
    const time = this.querySelector("time");
    const date = new Date(time?.dateTime ?? "");
    if (!time || Number.isNaN(date.getTime())) return;
    const exact = exactly(date);
    time.title = longForm(date);
    const words = (this.dataset.style === "relative" && relatively(date)) || exact;
    if (time.textContent !== words) time.textContent = words;
  }
}

/** @param {Date} date */
function exactly(date) {
  const sameYear = date.getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(dateLocale, {
    weekday: sameYear ? "short" : undefined,
    day: "numeric",
    month: "short",
    year: sameYear ? undefined : "numeric",
    hour: "numeric",
    minute: "2-digit",
  }).format(date);
}

/** @param {Date} date */
function longForm(date) {
  return new Intl.DateTimeFormat(dateLocale, { dateStyle: "full", timeStyle: "long" }).format(date);
}

/**
 * Return "3 hours ago", "in 2 days", or nothing when the moment is too far away for that.
 *
 * @param {Date} date
 */
function relatively(date) {
  const distance = date.getTime() - Date.now();
  if (Math.abs(distance) > RELATIVE_FOR) return "";
  const words = new Intl.RelativeTimeFormat(pageLanguage, { numeric: "auto" });
  if (Math.abs(distance) >= DAY) return words.format(daysUntil(date), "day");
  const step = STEPS.find(([, length]) => Math.abs(distance) >= length);
  if (!step) return distance > 0 ? gettext("in a moment") : gettext("just now");
  const [unit, length] = step;
  return words.format(Math.trunc(distance / length), unit);
}

/**
 * Count by the reader's calendar: on Monday night, Wednesday is in two days, however few hours away it begins.
 *
 * @param {Date} date
 */
function daysUntil(date) {
  const [then, now] = [date, new Date()].map((day) => Date.UTC(day.getFullYear(), day.getMonth(), day.getDate()));
  return (then - now) / DAY;
}

customElements.define("local-time", LocalTime);
