// Patterns of the sign list. Most never stand in a message: of each alternative the words that it begins with are
// looked for first, and only where they are there it is compiled, which is what takes a phone long.

/** Finds any of some patterns, each as whole words. One that a browser cannot read is left out alone. */
export class Pattern {
  /**
   * @param {string[]} sources regular expressions without the word ends around them
   * @param {string} before what stands before each, as a regular expression
   */
  constructor(sources, before = "\\b") {
    this.sources = sources || [];
    this.before = before;
    this.parts = undefined;
  }

  get alternatives() {
    this.parts ||= this.sources.flatMap(alternatives).map((source) => new Alternative(source, this.before));
    return this.parts;
  }

  test(text, from = 0) {
    return this.alternatives.some((part) => part.match(text, from) !== null);
  }

  /** Returns the first match from a place on, or null. */
  match(text, from = 0) {
    let first = null;
    for (const part of this.alternatives) {
      const found = part.match(text, from);
      if (found && (!first || found.index < first.index)) first = found;
    }
    return first;
  }

  /** Whether the text begins with it. */
  begins(text) {
    const found = this.match(text);
    return found !== null && found.index === 0;
  }

  /** Returns every match from a place on, none over another. */
  all(text, from = 0) {
    const found = this.alternatives.flatMap((part) => part.all(text, from));
    found.sort((a, b) => a.index - b.index);
    let end = from;
    return found.filter((match) => {
      if (match.index < end) return false;
      end = match.index + match[0].length;
      return true;
    });
  }

  /** Returns the text with every match replaced. */
  replace(text, by) {
    return this.alternatives.reduce((left, part) => part.replace(left, by), text);
  }
}

class Alternative {
  constructor(source, before) {
    Object.assign(this, { source, before, heads: heads(source), compiled: undefined });
  }

  /** Whether it can stand in a text at all. */
  mayStandIn(text) {
    return (!this.heads || this.heads.some((head) => text.includes(head))) && this.regex !== null;
  }

  get regex() {
    if (this.compiled === undefined) this.compiled = compile(`${this.before}(?:${this.source})(?!\\w)`);
    return this.compiled;
  }

  match(text, from) {
    if (!this.mayStandIn(text)) return null;
    this.regex.lastIndex = from;
    return this.regex.exec(text);
  }

  all(text, from) {
    return this.mayStandIn(text) ? allOf(this.regex, text, from) : [];
  }

  replace(text, by) {
    return this.mayStandIn(text) ? text.replace(this.regex, by) : text;
  }
}

function compile(source) {
  try {
    return new RegExp(source, "g");
  } catch {
    return null;
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

/** Returns what stands between the bars of a regular expression that are in no bracket. */
function alternatives(source) {
  const parts = [""];
  let [depth, inClass] = [0, false];
  for (let i = 0; i < source.length; i += 1) {
    const char = source[i];
    if (char === "\\") {
      parts[parts.length - 1] += char + source[(i += 1)];
      continue;
    }
    if (inClass) inClass = char !== "]";
    else if (char === "[") inClass = true;
    else if (char === "(") depth += 1;
    else if (char === ")") depth -= 1;
    else if (char === "|" && !depth) {
      parts.push("");
      continue;
    }
    parts[parts.length - 1] += char;
  }
  return parts;
}

/** Returns texts of which one stands in whatever a regular expression finds; null where that is not plain. */
function heads(source) {
  const rest = source.replace(/^(?:\(\?<?[!=][^()[\]\\]*\))+/, "");
  const plain = /^[a-z0-9' ]+/.exec(rest);
  if (plain) {
    const optional = /[?*{]/.test(rest[plain[0].length] || "");
    const head = optional ? plain[0].slice(0, -1) : plain[0];
    return head ? [head] : null;
  }
  const group = /^\((?:\?:)?([a-z0-9' |]+)\)(?![?*{])/.exec(rest);
  const options = group && group[1].split("|");
  return options && options.every(Boolean) ? options : null;
}
