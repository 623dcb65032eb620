// Spelling repair towards the words that matter (baclofen/spelling.py). Common words are never touched: of those,
// the ones that would be are kept as a filter of bits (baclofen/browser_guard.py).
import { isLetters } from "./text.js";

const SHORTEST = 4;
const HASHES = 9;

/** Says of nearly any word whether it is among some: never wrongly "no", once in 800 wrongly "yes". */
export class Guard {
  /** @param {string} packed the bits, base64 */
  constructor(packed) {
    const bytes = atob(packed);
    this.bits = Uint8Array.from(bytes, (char) => char.charCodeAt(0));
  }

  has(word) {
    const size = this.bits.length * 8;
    if (!size) return false;
    const first = hash(word, 2166136261);
    const step = hash(word, 84696351) | 1;
    for (let i = 0; i < HASHES; i += 1) {
      const bit = ((first + Math.imul(i, step)) >>> 0) % size;
      if (!(this.bits[bit >> 3] & (1 << (bit & 7)))) return false;
    }
    return true;
  }
}

function hash(word, seed) {
  let value = seed;
  for (let i = 0; i < word.length; i += 1) value = Math.imul(value ^ word.charCodeAt(i), 16777619);
  return (value ^ (value >>> 15)) >>> 0;
}

/** Corrects single words towards a vocabulary. */
export class Speller {
  /**
   * @param {string[]} vocabulary the commonest first
   * @param {{never: string, slips: Record<string, string>}} data words that are real and stay, with blanks
   *   between them; what stands for something else
   * @param {Guard} guard common words that stay
   */
  constructor(vocabulary, { never, slips }, guard) {
    this.keep = new Set([...vocabulary, ...never.split(" ")]);
    this.slips = new Map(Object.entries(slips));
    this.guard = guard;
    this.known = new Map();
    this.byLength = [];
    vocabulary.forEach((word, rank) => {
      if (word.length < SHORTEST || !isLetters(word)) return;
      (this.byLength[word.length] ||= []).push({ word, rank });
    });
  }

  /** Returns what a word may be meant for, the likeliest first; the word itself where it stays. */
  candidates(word) {
    if (!this.known.has(word)) this.known.set(word, this.look(word));
    return this.known.get(word);
  }

  look(word) {
    if (this.slips.has(word)) return [this.slips.get(word)];
    const stays = !this.byLength.length || word.length < SHORTEST - 1 || word.length > 30;
    if (stays || this.keep.has(word) || !isLetters(word) || this.guard.has(word)) return [word];
    const near = this.near(word, 1, isOneOff);
    const terms = near.length || word.length < 8 ? near : this.near(word, 2, isTwoOff);
    const last = word[word.length - 1];
    const alike = (term) => Number(term.word[term.word.length - 1] === last);
    terms.sort((a, b) => alike(b) - alike(a) || a.rank - b.rank);
    return terms.length ? terms.map((term) => term.word) : [word];
  }

  near(word, reach, isNear) {
    const found = [];
    for (let length = word.length - reach; length <= word.length + reach; length += 1) {
      for (const term of this.byLength[length] || []) if (isNear(word, term.word)) found.push(term);
    }
    return found;
  }

  /** Returns the tokens with misspelt words repaired; the same list when there was nothing to repair. */
  repair(tokens, choice = 0) {
    let changed = false;
    const fixed = tokens.map((token) => {
      const found = this.candidates(token.text);
      const word = found[Math.min(choice, found.length - 1)];
      if (word === token.text) return [token];
      changed = true;
      return word.split(" ").map((text) => ({ ...token, text }));
    });
    return changed ? fixed.flat() : tokens;
  }

  /** Whether a misspelt word may be meant for either of two. */
  wavers(tokens) {
    return tokens.some((token) => this.candidates(token.text).length > 1);
  }
}

/** Whether one letter more, less, other or two swapped make one word the other. */
function isOneOff(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const [restA, restB] = [endA - start, endB - start];
  if (restA <= 1 && restB <= 1) return true;
  return restA === 2 && restB === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}

/** Whether two words that begin alike are two such steps apart. */
function isTwoOff(a, b) {
  if (a[0] !== b[0]) return false;
  let [before, row] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const other = Number(a[i - 1] !== b[j - 1]);
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + other);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        next[j] = Math.min(next[j], before[j - 2] + 1);
      }
    }
    if (Math.min(...next) > 2) return false;
    [before, row] = [row, next];
  }
  return row[b.length] <= 2;
}
