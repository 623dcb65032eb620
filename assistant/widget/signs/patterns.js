// Patterns of the sign list, joined and compiled when they are first asked for.

/** Finds any of some patterns, each as whole words. One that a browser cannot read is left out alone. */
export class Pattern {
  /**
   * @param {string[]} sources regular expressions without the word ends around them
   * @param {string} before what stands before each, as a regular expression
   */
  constructor(sources, before = "\\b") {
    this.sources = sources || [];
    this.before = before;
    this.compiled = undefined;
  }

  get regex() {
    if (this.compiled === undefined) this.compiled = this.sources.length ? this.join() : null;
    return this.compiled;
  }

  join() {
    const whole = (sources) => new RegExp(`${this.before}(?:${sources.join("|")})(?!\\w)`, "g");
    try {
      return whole(this.sources);
    } catch {
      const sound = this.sources.filter((source) => isSound(source, whole));
      return sound.length ? whole(sound) : null;
    }
  }

  /** Returns the first match from a place on, or null. */
  match(text, from = 0) {
    const regex = this.regex;
    if (!regex) return null;
    regex.lastIndex = from;
    return regex.exec(text);
  }

  test(text, from = 0) {
    return this.match(text, from) !== null;
  }

  /** Whether the text begins with it. */
  begins(text) {
    const found = this.match(text);
    return found !== null && found.index === 0;
  }

  all(text, from = 0) {
    return this.regex ? allOf(this.regex, text, from) : [];
  }

  /** Returns the text with every match replaced. */
  replace(text, by) {
    return this.regex ? text.replace(this.regex, by) : text;
  }
}

function isSound(source, whole) {
  try {
    whole([source]);
    return true;
  } catch {
    return false;
  }
}

/** Returns every match of a global regular expression, from a place on. */
export function allOf(regex, text, from = 0) {
  const found = [];
  regex.lastIndex = from;
  for (let match = regex.exec(text); match; match = regex.exec(text)) {
    found.push(match);
    if (match[0] === "") regex.lastIndex += 1;
  }
  return found;
}
