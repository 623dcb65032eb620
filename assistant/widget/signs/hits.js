// When the words of a sign count: what must be spoken of, who must be there, what must not (baclofen/hits.py).
import { isOf } from "./amounts.js";
import { NOT, PERSON, UNSURE } from "./lexicon.js";
import { END_MARKS } from "./text.js";

const CLAIMING = new Set([PERSON, NOT, UNSURE, "NOTHING", "BARELY"]);
const BARE = 3;
const NEAR = 3;
const EMOJI_AFTER = 8;
const WINDOW = 80;

/** One reading of a message with everything that was found in it. */
export class Scene {
  constructor(message, tokens, hits, context) {
    Object.assign(this, { message, tokens, hits, context, lexicon: message.lexicon });
    this.said = new Set(tokens.map((token) => token.text));
    this.holders = new Map();
    for (const hit of hits) {
      for (let place = hit.tokens[0]; place <= hit.tokens[1]; place += 1) {
        if (!this.holders.has(place)) this.holders.set(place, []);
        this.holders.get(place).push(hit);
      }
    }
    const strong = hits.filter((hit) => !hit.weak).map((hit) => hit.tokens);
    this.ends = strong.length ? Math.min(...strong.map(([, last]) => last)) : tokens.length;
    this.begins = strong.length ? Math.max(...strong.map(([first]) => first)) : -1;
  }

  speaksOf(group) {
    const words = this.lexicon.words[group];
    return words !== undefined && [...this.said].some((word) => words.has(word));
  }

  isPerson(place) {
    return this.lexicon.group(this.tokens[place].text) === PERSON;
  }

  /** Returns the first token of a hit's sentence and the one after its last, as far as is looked at. */
  sentence({ tokens: [first, last] }) {
    const { tokens } = this;
    let start = first;
    while (start > Math.max(0, first - WINDOW) && !END_MARKS.has(tokens[start - 1].text)) start -= 1;
    let end = last + 1;
    while (end < Math.min(tokens.length, last + WINDOW) && !END_MARKS.has(tokens[end - 1].text)) end += 1;
    return [start, end];
  }

  /** Whether the sign's own conditions are met. */
  counts(hit) {
    const { sign } = hit;
    if (sign.needs && !this.context) return false;
    if (sign.needs === "withdrawal" && !this.speaksOf("pump") && !this.speaksOf("stopping")) return false;
    if (sign.beside && !this.speaksOf(sign.beside)) return false;
    if (sign.unless && this.isJoke(sign.unless, ...this.sentence(hit))) return false;
    return this.context || !isOf("thing", this.tokens, this.core(hit), this.lexicon);
  }

  isJoke(unless, start, end) {
    const { text, where } = this.message;
    const tokens = this.tokens.slice(start, end);
    const [first, last] = [where[tokens[0].start], where[tokens[tokens.length - 1].end - 1]];
    const emoji = [...text.slice(first, last + EMOJI_AFTER)].filter((char) => char > "\x7f").join("");
    const said = `${tokens.map((token) => token.text).join(" ")} ${emoji}`;
    return unless.test(said) && !this.lexicon.pattern("no_joke").test(said);
  }

  /** Whether a phrase is no figure of speech: medicine, another sign or a cry bears a weak one out. */
  isMeant(hit) {
    if (!hit.weak || this.context || this.message.length <= BARE) return true;
    const [first, last] = hit.tokens;
    return this.ends < first || this.begins > last || this.message.says("borne_out");
  }

  /** Whether a hit says that it is so: of somebody ("he is limp"), or denying ("no pulse"). */
  isClaim(hit) {
    for (let i = hit.start; i < hit.end; i += 1) if (CLAIMING.has(hit.view.words[i])) return true;
    const { tokens, lexicon } = this;
    const [first, last] = hit.tokens;
    const answer = tokens.slice(last + 1, last + 3).map((token) => token.text);
    if (answer.length === 2 && "?:".includes(answer[0]) && lexicon.in("confirmed_after", answer[1])) return true;
    for (let place = first - 1; place >= Math.max(0, first - NEAR); place -= 1) {
      if (this.isPerson(place)) return true;
      if (!lexicon.fillers.has(tokens[place].text)) return false;
    }
    return false;
  }

  /** Returns the token where the sign itself begins, whom it is said of and small words left out. */
  core({ tokens: [first, last] }) {
    for (let place = first; place < last; place += 1) {
      if (!this.lexicon.fillers.has(this.tokens[place].text) && !this.isPerson(place)) return place;
    }
    return last;
  }

  /** Whether a sign of one word ("collapsed") stands in a sentence that names nobody and says more. */
  isAboutNobody(hit) {
    if (hit.end - hit.start > 1) return false;
    const [start, end] = this.sentence(hit);
    if (hit.tokens[0] === start || end - start <= 4) return false;
    for (let place = start; place < end; place += 1) if (this.isPerson(place)) return false;
    return true;
  }
}

/** Of hits of one sign that lie in one another keeps the longest. */
export function longest(hits) {
  const reach = new Map();
  const size = (hit) => hit.end - hit.start;
  const order = (a, b) => a.tokens[0] - b.tokens[0] || b.tokens[1] - a.tokens[1] || size(b) - size(a);
  return [...hits].sort(order).filter((hit) => {
    const last = reach.get(hit.sign.key);
    if (last !== undefined && hit.tokens[1] <= last) return false;
    reach.set(hit.sign.key, hit.tokens[1]);
    return true;
  });
}
