// The level of a message by the sign list alone, for a browser whose server does not answer.
//
// The rules are those of baclofen/rules.py. When two readings differ, the graver counts.
import { isAboutAnAnimal } from "./amounts.js";
import { DEFAULT, Lexicon } from "./lexicon.js";
import { Message } from "./message.js";
import { keep, LEVELS, rank, readBarely, readBy } from "./rules.js";
import { Guard } from "./spelling.js";
import { plainText } from "./text.js";

const [HEAD, TAIL] = [4000, 2000];
const SPACED = /(?:^|[^\p{L}\p{N}])(?:\p{L}[^\p{L}\p{N}]+){3}\p{L}(?![\p{L}\p{N}])/u;
const GRAVEST = LEVELS[LEVELS.length - 1];
const ABOUT_WORDS = ["pump", "opioid", "kidney"];

export class Reader {
  /**
   * @param {Record<string, string>} packed one language each, as JSON: read when it is first needed
   * @param {string} guard see spelling.js
   * @param {object[]} together signs that are graver beside others
   */
  constructor(packed, guard, together) {
    this.packed = packed;
    this.guard = new Guard(guard);
    this.together = together;
    this.lexicons = new Map();
  }

  lexicon(language) {
    if (!this.lexicons.has(language)) {
      this.lexicons.set(language, new Lexicon(JSON.parse(this.packed[language]), this.guard));
    }
    return this.lexicons.get(language);
  }

  /**
   * Reads the list of some languages ahead while the page has nothing else to do, a little at a time, so that
   * neither a tap nor the first message waits.
   * @param {Record<string, string[]>} samples sentences in each language
   * @param {string[]} languages as browsers name them: "de", "de-AT"
   * @returns {Promise<void>} when all are ready
   */
  async warm(samples, languages) {
    const codes = new Set([DEFAULT, ...languages.map((language) => language.slice(0, 2).toLowerCase())]);
    const ahead = [...codes].flatMap((language) => ["", ...(samples[language] || [])].map((text) => [language, text]));
    for (const [language, text] of [...ahead, ...Object.keys(this.packed).map((each) => [each, ""])]) {
      await idle();
      this.level(text, { language, only: true });
    }
  }

  /**
   * Draws the level of a message.
   * @param {string} text as typed; of a very long one the beginning and the end are read
   * @param {{language?: string, context?: boolean, only?: boolean}} options `language` that the person writes;
   *   `context`: the conversation has already named a medicine; `only`: by that language and no other
   * @returns {{level: string, signs: {key: string, words: string, level: string}[], about: string[],
   *   context: boolean, failed: boolean}} the signs gravest first; `failed`: a part of the list could not be read
   */
  level(text, { language = DEFAULT, context = false, only = false } = {}) {
    const typed = shortened(String(text));
    const [plain, where] = plainText(typed);
    const found = new Map();
    const result = { context, failed: false, about: new Set() };
    for (const each of new Set([DEFAULT, language, ...Object.keys(this.packed)])) {
      if (!Object.hasOwn(this.packed, each)) continue;
      if (only && each !== language) continue;
      const asked = each === DEFAULT || each === language;
      // It cannot become graver, and the card is waited for.
      if (!asked && [...found.values()].some((sign) => sign.level === GRAVEST)) continue;
      try {
        const lexicon = this.lexicon(each);
        const message = new Message(typed, lexicon.punctuated(plain), where, lexicon);
        const named = speaksOf(message, lexicon);
        result.context = result.context || named.medicine;
        if (!asked && !named.awake && !SPACED.test(plain)) continue;
        this.readInto(found, message, context, result);
      } catch {
        result.failed = true;
      }
    }
    const signs = [...found.values()].sort((a, b) => rank(b.level) - rank(a.level));
    return summed(signs, result);
  }

  readInto(found, message, context, result) {
    let reading;
    let about = new Set();
    try {
      reading = readBy(message, context);
      about = aboutWhom(message.readings[0].map((token) => token.text), message.lexicon);
    } catch {
      result.failed = true;
      reading = readBarely(message);
    }
    result.context = result.context || reading.context;
    about.forEach((name) => result.about.add(name));
    this.combine([...reading.found.values()], about).forEach((one) => keep(found, one));
  }

  /** Lets circumstances move the level: a pair raises a mild sign, an animal is urgent, not more. */
  combine(findings, about) {
    const present = new Set(about);
    for (const { key, frame } of findings) if (frame === "now") present.add(key);
    const fed = about.has("animal") && present.has("animal_swallowed");
    return findings.map((one) => {
      let { level } = one;
      for (const pair of one.frame === "now" ? this.together : []) {
        const beside = pair.any_of.includes(one.key) && pair.with.some((name) => present.has(name));
        if (beside && rank(pair.level) > rank(level)) level = pair.level;
      }
      if (fed && level === "emergency") level = "urgent";
      return { ...one, level };
    });
  }
}

function summed(signs, { about, context, failed }) {
  const level = signs.length ? signs[0].level : LEVELS[0];
  const grave = level === "emergency" || level === "urgent";
  const matters = new Set(grave ? about : []);
  for (const sign of signs) for (const name of sign.about) if (name) matters.add(name);
  if (level === "crisis" || (level === "emergency" && signs.some(({ key }) => key === "suicidal_thoughts"))) {
    matters.add("self_harm");
  }
  const shown = signs.map(({ key, words, level: its }) => ({ key, words, level: its }));
  return { level, signs: shown, about: [...matters].sort(), context, failed };
}

/** Waits until the page has nothing to do; where that never comes, or browsers cannot tell, not for long. */
const idle = () =>
  new Promise((go) => (globalThis.requestIdleCallback ? requestIdleCallback(go, { timeout: 1000 }) : setTimeout(go, 50)));

/** Returns the beginning and the end of a text that is too long for a phone. */
function shortened(text) {
  return text.length <= HEAD + TAIL ? text : `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}`;
}

/** Whether a language may find a sign in a message, and whether a medicine or pump is spoken of. */
function speaksOf(message, lexicon) {
  const said = new Set();
  for (const tokens of message.readings) for (const { text } of tokens) said.add(text);
  const foreign = lexicon.language !== DEFAULT;
  const has = (...groups) =>
    [...said].some(
      (word) => groups.some((group) => lexicon.in(group, word)) && !(foreign && lexicon.alsoEnglish.has(word)),
    );
  const named = [...said].some((word) => lexicon.group(word) === "BACLOFEN");
  const medicine = named || has("medicine", "pump");
  const took = has("swallowed", "alcohol", "opioid", "sedative");
  const awake =
    (medicine && (took || !foreign)) ||
    (took && has("pack")) ||
    lexicon.vitals.mayStandIn(message.plain) ||
    message.readings.some((tokens) => lexicon.find(tokens).length > 0);
  return { medicine, awake };
}

/** Says who or what a message is about, from its words alone: child, animal, pump, opioid, kidney. */
function aboutWhom(words, lexicon) {
  const known = lexicon.language === DEFAULT ? words : words.filter((word) => !lexicon.alsoEnglish.has(word));
  const has = (group) => known.some((word) => lexicon.in(group, word));
  const found = new Set(ABOUT_WORDS.filter(has));
  if (found.has("kidney") && lexicon.pattern("kidneys_work").test(words.join(" "))) found.delete("kidney");
  if (isAboutAnAnimal(known, lexicon)) found.add("animal");
  else if (has("child")) found.add("child");
  return found;
}

