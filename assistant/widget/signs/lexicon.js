// The sign list of one language, unpacked from what baclofen/browser_signs.py wrote (baclofen/lexicon.py).
import { Pattern } from "./patterns.js";
import { Speller } from "./spelling.js";
import { CLAUSE_MARKS, Joined } from "./text.js";
import { Vitals } from "./vitals.js";

export const DEFAULT = "en";
export const BREAK = "|";
export const COMMA = ",";
export const PERSON = "PERSON";
export const NOT = "NOT";
export const UNSURE = "UNSURE";
const GAP = "...";
const MOST_BETWEEN = 4;
const VIEWS = ["plain", "personal", "exact"];
const NEVER = new Pattern([]);

const LOWER = /^[a-z]+$/;

const split = (words) => (words ? words.split(" ") : []);
const setOf = (words) => new Set(split(words));

export class Lexicon {
  /** @param {object} data of one language; `guard` knows the common words that stay as they are */
  constructor(data, guard) {
    this.language = data.language;
    this.guard = guard;
    this.fillers = setOf(data.fillers);
    this.same = new Map();
    this.pairs = new Map();
    for (const [name, words] of Object.entries(data.same)) {
      for (const word of split(words)) {
        this.same.set(word, name);
        if (word.split("_").length === 2) this.pairs.set(word.replace("_", " "), name);
      }
    }
    this.words = {};
    for (const [name, words] of Object.entries(data.words)) this.words[name] = setOf(words);
    this.counts = new Map(Object.entries(data.counts));
    this.frames = patterns(data.frames);
    this.patterns = patterns(data.patterns);
    this.idle = new Pattern(data.idle);
    this.harmless = new Pattern(data.harmless);
    this.spoken = Object.entries(data.spoken).map(([mark, said]) => [mark, new Pattern(said)]);
    this.vitals = new Vitals(data.vitals, this.counts);
    this.signs = data.signs.map(signOf);
    const vocabulary = this.vocabulary(data);
    this.known = new Set([...vocabulary, ...this.fillers]);
    this.speller = new Speller(data.common ? byCommonness(vocabulary, data.common) : [], data, guard);
    this.alsoEnglish = setOf(data.also_english);
    this.nodes = new Nodes(data.names, data.nodes);
    this.roots = data.roots;
  }

  /** Returns the words that mean something to the list, in their order. */
  vocabulary(data) {
    const groups = Object.values(this.words).flatMap((words) => [...words]);
    const halves = [...this.pairs.keys()].flatMap(split);
    const listed = [...split(data.names), ...split(data.more)];
    const all = new Set([...this.same.keys(), ...this.counts.keys(), ...groups, ...halves, ...listed]);
    return [...all].filter((word) => LOWER.test(word)).sort();
  }

  /** Returns a pattern that a language may do without; nothing is found by it then. */
  pattern(name) {
    return this.patterns[name] || NEVER;
  }

  group(word) {
    return this.same.get(word) || word;
  }

  in(group, word) {
    const words = this.words[group];
    return words !== undefined && words.has(word);
  }

  /** Returns a plain text with its spoken marks ("full stop") as marks, nothing moved. */
  punctuated(plain) {
    return this.spoken.reduce(
      (text, [mark, said]) => said.replace(text, (words) => mark.padEnd(words.length)),
      plain,
    );
  }

  /** Drops fillers unless every word counts, names the groups, marks clause ends. */
  canonical(tokens, exact = false) {
    const words = [];
    const index = [];
    const joined = new Joined(tokens.map((token) => token.text));
    const idle = new Set(this.idle.all(joined.text).map((match) => joined.place(match.index)));
    let before = "";
    tokens.forEach(({ text }, i) => {
      const pair = this.pairs.get(`${before} ${text}`);
      before = text;
      let word = pair;
      if (pair !== undefined) {
        if (index.length && index[index.length - 1] === i - 1) {
          words.pop();
          index.pop();
        }
      } else if (CLAUSE_MARKS.has(text)) word = BREAK;
      else if (text === COMMA || (!exact && this.fillers.has(text))) return;
      else {
        word = this.group(text);
        if (word === NOT && idle.has(i)) word = UNSURE;
      }
      words.push(word);
      index.push(i);
    });
    return { words, index };
  }

  /** Returns every phrase of every sign in a reading of a message. */
  find(tokens) {
    const personal = this.canonical(tokens);
    const kept = personal.words.map((_, i) => i).filter((i) => personal.words[i] !== PERSON);
    const plain = { words: kept.map((i) => personal.words[i]), index: kept.map((i) => personal.index[i]) };
    const views = [plain, personal, this.canonical(tokens, true)];
    return VIEWS.flatMap((_, i) => this.walk(this.roots[i], views[i]));
  }

  walk(root, view) {
    const hits = [];
    const { words } = view;
    for (let start = 0; start < words.length; start += 1) {
      const furthest = new Map();
      this.step(root, words, start, false, (sign, end, gapped) => {
        if (!gapped) hits.push(this.hit(sign, start, end, view));
        else furthest.set(sign, Math.max(end, furthest.get(sign) || 0));
      });
      for (const [sign, end] of furthest) hits.push(this.hit(sign, start, end, view));
    }
    return hits;
  }

  /** Follows the phrases from a node over the words from a place on. */
  step(number, words, at, gapped, found) {
    const node = this.nodes.at(number);
    for (const sign of node.shown) found(sign, at, gapped);
    if (at >= words.length) return;
    const next = node.next.get(words[at]);
    if (next !== undefined) this.step(next, words, at + 1, gapped, found);
    const beyond = node.next.get(GAP);
    if (beyond === undefined) return;
    for (let skipped = 0; skipped <= MOST_BETWEEN && at + skipped < words.length; skipped += 1) {
      this.step(beyond, words, at + skipped, true, found);
      if (words[at + skipped] === BREAK || words[at + skipped] === NOT) return;
    }
  }

  hit(sign, start, end, view) {
    const tokens = [view.index[start], view.index[end - 1]];
    return { sign: this.signs[sign >> 1], weak: sign % 2 === 1, start, end, view, tokens };
  }
}

/** The phrases as one graph: each node has the words that may follow and the signs that are shown there. */
class Nodes {
  constructor(names, lines) {
    this.names = split(names);
    this.lines = lines.split("\n");
    this.read = new Array(this.lines.length);
  }

  /** Reads a node when a message first comes to it: most are never needed. */
  at(number) {
    return (this.read[number] ||= this.unpack(this.lines[number]));
  }

  unpack(line) {
    const [edges, shown] = line.split(";");
    const next = new Map();
    let name = 0;
    const numbers = edges ? edges.split(" ").map((part) => parseInt(part, 36)) : [];
    for (let i = 0; i < numbers.length; i += 2) {
      name += numbers[i];
      next.set(this.names[name], numbers[i + 1]);
    }
    return { next, shown: shown ? shown.split(" ").map((part) => parseInt(part, 36)) : [] };
  }
}

function signOf([key, level, about, needs, beside, unless]) {
  return { key, level, about, needs, beside, unless: unless && new Pattern(unless, "(?:^|\\W)") };
}

/** Returns words with the commonest first, by one digit each that says how common it is. */
function byCommonness(words, digits) {
  const ranks = new Map(words.map((word, i) => [word, digits.charCodeAt(i)]));
  return words.reverse().sort((a, b) => ranks.get(b) - ranks.get(a));
}

function patterns(rows) {
  return Object.fromEntries(Object.entries(rows).map(([name, sources]) => [name, new Pattern(sources)]));
}
