// The signs that one language finds in a message, unless denied, each at the level after its frame (baclofen/rules.py).
import { findAmounts, isOf, speaksOfMedicine } from "./amounts.js";
import { frameOf, placeOf } from "./context.js";
import { isDenied } from "./denial.js";
import { Scene, longest } from "./hits.js";

const MOST = 100;
export const LEVELS = ["none", "awareness", "urgent", "crisis", "emergency"];

/** Returns the rank of a level; graver is more. */
export function rank(level) {
  return LEVELS.indexOf(level);
}

/**
 * Reads a message by one language, figures of speech left out.
 * @param {import("./message.js").Message} message
 * @param {boolean} context the conversation has already named a medicine
 * @returns {{found: Map<string, object>, context: boolean}}
 */
export function readBy(message, context) {
  const reading = readLiterally(message, context);
  const clear = reading.found.size ? message.withoutFigures() : message;
  return clear === message ? reading : readLiterally(clear, context);
}

/** Returns every sign whose words are there, denied or not: for when the rest of the reader fails. */
export function readBarely(message) {
  const found = new Map();
  const tokens = message.readings[0];
  for (const { sign, tokens: [first, last] } of message.lexicon.find(tokens)) {
    const words = message.typed(tokens[first].start, tokens[last].end);
    keep(found, { key: sign.key, words, level: sign.level, frame: "now", about: new Set([sign.about]) });
  }
  return { found, context: true };
}

function readLiterally(message, before) {
  const { lexicon } = message;
  const found = new Map();
  let context = before;
  for (const tokens of message.readings) {
    context = context || speaksOfMedicine(tokens, lexicon);
    const hits = lexicon.find(tokens);
    if (hits.length) readPhrases(found, new Scene(message, tokens, longest(hits), context), hits);
    for (const event of findAmounts(tokens, lexicon, context)) {
      if (!isSettled(found, event)) keep(found, finding(message, event, context));
    }
  }
  const { mended } = message;
  for (const measured of mended === message ? [message] : [message, mended]) {
    for (const event of lexicon.vitals.find(measured.plain, context)) {
      if (!isSettled(found, event)) keep(found, finding(measured, event, context));
    }
  }
  return { found, context };
}

function readPhrases(found, scene, hits) {
  const tried = new Map();
  for (const hit of longest(hits.filter((each) => !isDenied(each, scene)))) {
    const { key } = hit.sign;
    if ((tried.get(key) || 0) >= MOST || isSettled(found, hit.sign) || !scene.counts(hit)) continue;
    tried.set(key, (tried.get(key) || 0) + 1);
    const one = ofHit(hit, scene);
    if (one && (one.frame !== "now" || scene.isMeant(hit))) keep(found, one);
  }
}

/** Returns what the words of a sign come to; null where nobody is ill. */
function ofHit(hit, scene) {
  const { tokens, lexicon } = scene;
  const [first, last] = hit.tokens;
  const core = scene.core(hit);
  const span = [tokens[first].start, tokens[last].end];
  const one = finding(scene.message, { ...hit.sign, span, at: tokens[core].start }, scene.context, scene.isClaim(hit));
  if (one && isOf("animal", tokens, core, lexicon)) {
    if (!scene.context) return null; // a cat asleep in the sun
    if (one.level === "emergency") one.level = "urgent";
  }
  if (!one || scene.context || one.frame !== "now") return one;
  return scene.isAboutNobody(hit) ? null : one;
}

/** Returns what an event comes to in its sentence; null where nobody is ill. */
function finding(message, event, context, claim = true) {
  const [start, end] = event.span;
  const at = event.at === undefined ? start : event.at;
  const place = placeOf(message, message.sentenceAt(at), at, claim);
  const frame = frameOf(place, message);
  if (frame === "well" || (frame === "fiction" && !context)) return null;
  let level = frame === "now" ? event.level : "awareness";
  // Asking how to die is a crisis however it is put.
  if (event.level === "crisis" && (frame === "question" || frame === "hypothetical")) level = "crisis";
  const about = new Set(event.about ? [event.about] : []);
  return { key: event.key, words: message.typed(start, end), level, frame, about };
}

/** Whether nothing more is to be learned of a sign: it is there, now, at its full level. */
function isSettled(found, { key, level }) {
  const known = found.get(key);
  return known !== undefined && known.frame === "now" && known.level === level;
}

/** Keeps one finding for each sign, one that is happening now before one that is not. */
export function keep(found, one) {
  if (!one) return;
  const known = found.get(one.key);
  const graver = known && known.frame === one.frame && rank(one.level) > rank(known.level);
  if (!known || (known.frame !== "now" && one.frame === "now") || graver) found.set(one.key, one);
}
