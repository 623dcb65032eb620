// The words of a card that this device shows by itself, while no server answers.

import { advise } from "./offline_signs.js";
import { fill } from "./words.js";

/**
 * Returns message 1, the steps and whom to call: fitted to the signs by the list, else the general ones that are built in.
 *
 * @param {{level: string, about?: string[]}} found
 * @param {{words: object, place: object, language: string}} host
 * @returns {{first: string, steps: string[], lines: object[]}}
 */
export function deviceCard(found, { words, place, language }) {
  const names = place.names(words);
  const lines = place.linesFor(found.level);
  // Where the country is not known, the numbers are those that the bar names.
  const options = place.country ? { country: place.country, language } : { language, names: { number: names.number } };
  const fitted = advise(found, options);
  if (fitted) return { ...fitted, lines: place.country && fitted.calls.length ? fitted.calls : lines };
  const own = words.device[found.level] || words.device.emergency;
  const said = found.level === "crisis" && !names.call_crisis ? [words.device.no_crisis_line, ...own.slice(1)] : own;
  const [first, ...steps] = said.map((line) => fill(line, names));
  return { first, steps, lines };
}
