// The words of a card that this device shows by itself, while no server answers.

import { fill } from "./words.js";

/** Returns message 1 and the steps for a level, with the numbers of the place in them. */
export function deviceWords(level, words, place) {
  const names = place.names(words);
  const lines = words.device[level] || words.device.emergency;
  const said = level === "crisis" && !names.call_crisis ? [words.device.no_crisis_line, ...lines.slice(1)] : lines;
  const [first, ...steps] = said.map((line) => fill(line, names));
  return { first, steps: steps.join("\n") };
}
