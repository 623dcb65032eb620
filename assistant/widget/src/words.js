// The widget's own words in the language of the reader. English is built in; the bot serves the others.

import { ENGLISH, LANGUAGES } from "./generated/words.js";

export { ENGLISH, LANGUAGES };

/** Milliseconds that the words of another language may take; then English must do. */
const PATIENCE = 1500;

/** Returns the first of some language tags that there are words for ("de-AT" is "de"), else English. */
export function languageOf(...tags) {
  const codes = tags.map((tag) => String(tag || "").split(/[-_]/)[0].toLowerCase());
  return codes.find((code) => LANGUAGES.some(([known]) => known === code)) || "en";
}

/** Returns `[words, language]`: in English where the language cannot be had in time. */
export async function wordsIn(language, endpoint) {
  if (language === "en") return [ENGLISH, "en"];
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const module = await Promise.race([import(`${endpoint}/widget-words-${language}.js`).catch(() => null), late]);
  return module ? [module.default, language] : [ENGLISH, "en"];
}

/** Puts values in the place of {names}. */
export const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

/** Returns "22 November 2026" for "2026-11-22", as the language writes it; other dates stay as they are. */
export function longDate(date, language) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date || "");
  if (!match) return date || "";
  const day = new Date(Date.UTC(+match[1], +match[2] - 1, +match[3]));
  const locale = language === "en" ? "en-GB" : language;
  return day.toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}
