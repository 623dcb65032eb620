// A message made plain, that still knows what was typed (baclofen/message.py).
import { DEFAULT } from "./lexicon.js";
import { lastBefore, tokensOf, undisguise } from "./text.js";

const ENDS = ".!?;\n…";

export class Message {
  /**
   * @param {string} text as typed
   * @param {string} plain lower case, without tricks and apostrophes
   * @param {number[]} where for each character of `plain` the index it came from
   * @param {import("./lexicon.js").Lexicon} lexicon by which it is read
   */
  constructor(text, plain, where, lexicon) {
    Object.assign(this, { text, plain, where, lexicon });
    this.told = new Map();
  }

  get length() {
    return this.plain.split(/\s+/).filter(Boolean).length;
  }

  get sentences() {
    return (this.cut ||= sentences(this.plain));
  }

  /** Whether a frame or pattern of the lexicon is found anywhere in it. */
  says(name) {
    if (!this.told.has(name)) {
      const pattern = this.lexicon.frames[name] || this.lexicon.pattern(name);
      this.told.set(name, pattern.test(this.plain));
    }
    return this.told.get(name);
  }

  /** Returns the message with its figures of speech blanked out; itself where it has none. */
  withoutFigures() {
    const plain = this.lexicon.harmless.replace(this.plain, (words) => " ".repeat(words.length));
    return plain === this.plain ? this : new Message(this.text, plain, this.where, this.lexicon);
  }

  /** Returns the words as typed, without disguise, repaired in one way and another, where these differ. */
  get readings() {
    return (this.read ||= this.readAll());
  }

  readAll() {
    const { speller } = this.lexicon;
    const typed = tokensOf(this.plain);
    const result = [typed];
    const clear = this.undisguised(typed);
    if (clear !== typed) result.push(clear);
    const repaired = speller.repair(clear);
    if (repaired !== clear) {
      result.push(repaired);
      if (speller.wavers(clear)) result.push(speller.repair(clear, 1));
    }
    return result;
  }

  undisguised(typed) {
    const { known, guard, language } = this.lexicon;
    return undisguise(typed, known, (word) => guard.has(word), language === DEFAULT);
  }

  /** Returns the message with its words repaired in place; itself where nothing was to be repaired. */
  get mended() {
    const typed = tokensOf(this.plain);
    const repaired = this.lexicon.speller.repair(this.undisguised(typed));
    if (repaired === typed) return this;
    let plain = "";
    const where = [];
    let place = 0;
    const add = (words, from) => {
      for (let i = 0; i < words.length; i += 1) where.push(from);
      plain += words;
    };
    for (const token of repaired) {
      if (token.start < place) {
        add(` ${token.text}`, where[where.length - 1]);
        continue;
      }
      where.push(...this.where.slice(place, token.start));
      plain += this.plain.slice(place, token.start);
      add(token.text, this.where[token.start]);
      place = token.end;
    }
    where.push(...this.where.slice(place));
    return new Message(this.text, plain + this.plain.slice(place), where, this.lexicon);
  }

  sentenceAt(place) {
    const starts = this.sentences.map((sentence) => sentence.start);
    const number = lastBefore(starts, place);
    if (number >= 0 && place < this.sentences[number].end) return this.sentences[number];
    return { start: 0, end: this.plain.length };
  }

  /** Returns what was typed between two places of `plain`. */
  typed(start, end) {
    const last = this.where[end - 1];
    const wide = this.text.codePointAt(last) > 0xffff ? 2 : 1;
    return this.text.slice(this.where[start], last + wide).split(/\s+/).filter(Boolean).join(" ");
  }
}

/** Returns where sentences begin and end; a point within a number ends nothing, nor the mark of "?stroke". */
function sentences(plain) {
  const result = [];
  const isWithin = (at) => {
    const around = plain.slice(Math.max(0, at - 1), at + 2);
    return at > 0 && (/^\d\.\d$/.test(around) || /^\s\?\w$/.test(around));
  };
  let start = 0;
  while (start < plain.length) {
    let end = start;
    while (end < plain.length && (!ENDS.includes(plain[end]) || isWithin(end))) end += 1;
    const empty = end === start;
    while (end < plain.length && ENDS.includes(plain[end])) end += 1;
    if (!empty && plain.slice(start, end).trim()) result.push({ start, end });
    start = end;
  }
  return result;
}
