// From what a person typed to plain lower-case tokens that still know where they stood (baclofen/text.py).

const LOOK_ALIKE = pairs("аеорсухіјѕһԁԛԝкмтнвгпαβεικνορτυχωϲѵɡıℓ", "aeopcyxijshdqwkmthbrnabeiknoptuxwcvgil");
const LONG_LETTERS = { ß: "ss", œ: "oe", æ: "ae", ø: "o", ł: "l", đ: "d" };
const LEET = pairs("013457@$!", "oieastasi");
const QUOTES = "’‘`´ʼ′＇‛";
const DASHES = "‐‑‒–—―−";
const EMOJI = {
  "💊": "pill", "🍼": "baby", "👶": "baby", "🚑": "ambulance", "🆘": "help", "🤮": "vomiting", "🤢": "nausea",
  "🍺": "beer", "🍷": "wine", "🍻": "beers", "🥃": "whisky", "🍸": "cocktail", "🐶": "dog", "🐕": "dog",
  "🐱": "cat", "🐈": "cat", "🧒": "child", "👧": "girl", "👦": "boy", "👅": "swallowed", "😴": "sleeping",
  "🥶": "freezing cold", "🫁": "breathing", "💔": "heartbroken",
};
const LONGEST_RUN = 40;
const BLANK = " \t\r\f\v";
const TAG = /<[^<>]{1,80}>/g;
const OD = /\bo[.']?d(?:['’]d|ed)\b/gi;
const DROPPED = /[\p{Mn}\p{Me}\p{Cf}]/u;
const BLANKED = /[\p{Cs}\p{Co}\p{Cn}\p{Cc}\p{So}\p{Sk}]/u;
const TOKEN = /\d+[.,]\d+[\p{L}\p{N}]*|[\p{L}\p{N}]+(?:['*@$][\p{L}\p{N}]+)*|[.,!?;:()"\n…]|%|°/gu;
const SHORT_UNIT =
  /^\d+(?:[.,]\d+)?(?:mg|ml|mcg|g|kg|lb|x|h|hr|hrs|st|nd|rd|th|yo|yr|yrs|am|pm|m|s|f|c|k|min|mins|bpm)?$/;
const LETTERS = /^\p{L}+$/u;
const ASCII = /^[\x00-\x7f]*$/;

export const END_MARKS = new Set(".!?;\n…");
export const CLAUSE_MARKS = new Set('.!?;\n…:()"');

function pairs(from, to) {
  const letters = [...from];
  return new Map(letters.map((letter, i) => [letter, to[i]]));
}

/** Whether a word is made of letters only. */
export function isLetters(word) {
  return LETTERS.test(word);
}

/** Words with blanks between them, that know where each begins. */
export class Joined {
  constructor(words) {
    this.text = words.join(" ");
    this.starts = [];
    let at = 0;
    for (const word of words) {
      this.starts.push(at);
      at += word.length + 1;
    }
  }

  /** Returns which word stands at a character. */
  place(at) {
    return lastBefore(this.starts, at);
  }
}

/** Returns the place of the last number of a rising list that is not above a value; -1 where all are. */
export function lastBefore(list, value) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Returns the text in plain lower-case letters, and for each of its characters where it came from. */
function fold(typed) {
  const text = typed
    .replace(TAG, (tag) => " ".repeat(tag.length))
    .replace(OD, (od) => "oded".padEnd(od.length));
  if (ASCII.test(text)) return [text.toLowerCase(), null];
  let out = "";
  const where = [];
  let at = 0;
  for (const char of text) {
    const folded = foldChar(char);
    for (let i = 0; i < folded.length; i += 1) where.push(at);
    out += folded;
    at += char.length;
  }
  return [out, where];
}

function foldChar(char) {
  if (QUOTES.includes(char)) return "'";
  if (DASHES.includes(char)) return "-";
  if (Object.hasOwn(EMOJI, char)) return ` ${EMOJI[char]} `;
  let kept = "";
  for (const piece of char.normalize("NFKD")) {
    if (DROPPED.test(piece)) continue;
    if (piece !== "\n" && BLANKED.test(piece)) kept += " ";
    else for (const low of piece.toLowerCase()) kept += LONG_LETTERS[low] || LOOK_ALIKE.get(low) || low;
  }
  return kept;
}

/**
 * Returns the folded text with single blanks and no apostrophes, and where its characters stood.
 * @returns {[string, number[]]}
 */
export function plainText(typed) {
  const [folded, origin] = fold(typed);
  let plain = "";
  const where = [];
  for (let i = 0; i < folded.length; i += 1) {
    const blank = BLANK.includes(folded[i]);
    if (folded[i] === "'" || (blank && i + 1 < folded.length && BLANK.includes(folded[i + 1]))) continue;
    plain += blank ? " " : folded[i];
    where.push(origin ? origin[i] : i);
  }
  return [plain, where];
}

/** Splits folded text into words and marks; each knows where it stands in it. */
export function tokensOf(folded) {
  return [...folded.matchAll(TOKEN)].map((match) => ({
    text: match[0].replaceAll("'", ""),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/**
 * Reads through digits for letters, stretched words, spaced-out letters and run-together words.
 * @param {Set<string>} known words that a reading may produce
 * @param {(word: string) => boolean} isReal words that are never several run together
 * @param {boolean} contracts a final s may be a verb, as in "her chest's going"
 * @returns the tokens under the likeliest reading; the same list where there was no disguise
 */
export function undisguise(typed, known, isReal, contracts) {
  const result = [];
  let changed = false;
  const tokens = joinSpacedLetters(typed, known);
  for (const token of tokens) {
    const word = token.text;
    if (!word || known.has(word)) {
      result.push(token);
      continue;
    }
    let plain = squeeze(leet(word), known);
    if (contracts && !known.has(plain) && plain.endsWith("s") && known.has(plain.slice(0, -1))) {
      plain = plain.slice(0, -1);
    }
    if (known.has(plain)) {
      result.push({ ...token, text: plain });
      changed = true;
      continue;
    }
    const runs = plain.length >= 7 && plain.length <= LONGEST_RUN && isLetters(plain) && !isReal(plain);
    const parts = runs ? segment(plain, known) : null;
    if (parts) changed = true;
    if (parts) result.push(...parts.map((text) => ({ ...token, text })));
    else result.push(token);
  }
  return changed || tokens !== typed ? result : typed;
}

function leet(word) {
  if (isLetters(word) || !/\p{L}/u.test(word) || SHORT_UNIT.test(word)) return word;
  return [...word].map((char) => LEET.get(char) || char).join("").replaceAll("*", "");
}

function squeeze(word, known) {
  if (!/(.)\1\1/.test(word)) return word;
  const double = word.replace(/(.)\1{2,}/g, "$1$1");
  return known.has(double) ? double : word.replace(/(.)\1{2,}/g, "$1");
}

function joinSpacedLetters(tokens, known) {
  const result = [];
  let run = [];
  let changed = false;
  const flush = () => {
    let parts = null;
    if (run.length >= 4 && run.length <= LONGEST_RUN) {
      const word = run.map((token) => token.text).join("");
      parts = known.has(word) ? [word] : segment(word, known);
    }
    if (parts) {
      changed = true;
      const [first, last] = [run[0], run[run.length - 1]];
      result.push(...parts.map((text) => ({ text, start: first.start, end: last.end })));
    } else result.push(...run);
    run = [];
  };
  for (const token of tokens) {
    if (token.text.length === 1 && isLetters(token.text)) run.push(token);
    else {
      flush();
      result.push(token);
    }
  }
  flush();
  return changed ? result : tokens;
}

/** Splits a run-together word into known ones, as few as possible; null when it does not go up. */
function segment(word, known) {
  const best = [[]];
  for (let end = 1; end <= word.length; end += 1) {
    best[end] = null;
    for (let start = Math.max(0, end - 16); start < end; start += 1) {
      const before = best[start];
      const part = word.slice(start, end);
      if (!before || !known.has(part) || (part.length === 1 && part !== "i" && part !== "a")) continue;
      if (!best[end] || before.length + 1 < best[end].length) best[end] = [...before, part];
    }
  }
  const found = best[word.length];
  return found && found.length <= 1 + Math.floor(word.length / 3) ? found : null;
}
