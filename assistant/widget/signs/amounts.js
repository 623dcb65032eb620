// What was swallowed: too much, nobody knows how much, by a child, by an animal, mixed (baclofen/amounts.py).
import { PERSON } from "./lexicon.js";
import { CLAUSE_MARKS, END_MARKS, Joined } from "./text.js";

const ABOUT = {
  animal_swallowed: "animal", child_swallowed: "child", deliberate_overdose: "self_harm", with_opioids: "opioid",
};
const MANY = 6;
const SOME = 3;
const MANY_MG = 100;
const QUOTED = 12;
const REACH = 9;
const NAMED_BEFORE = 60;
const BACK = 7;
const STRENGTH = /^\d{1,3}(?:mg|mgs|s)$/;
const TIMES = /\b(\d{1,3}) ?(?:mg )?x ?(\d{1,3})\b/g;
const MILLIGRAMS = /^(\d{2,5})(mg|mgs|milligrams)?$/;
const UNITS = ["mg", "mgs", "milligrams"];

/** Whether baclofen, its pump, or a medicine somebody swallowed is spoken of. */
export function speaksOfMedicine(tokens, lexicon) {
  return tokens.some(
    ({ text }) => lexicon.group(text) === "BACLOFEN" || lexicon.in("pump", text) || lexicon.in("medicine", text),
  );
}

/** Whether the one who swallowed is an animal; a person named beside it makes this false. */
export function isAboutAnAnimal(words, lexicon) {
  return words.some((word) => lexicon.in("animal", word)) && !words.some((word) => lexicon.in("people", word));
}

/** Whether what was named before a place belongs to a group, animals or things, and not to people. */
export function isOf(group, tokens, place, lexicon) {
  let found = false;
  for (let i = place - 1; i > Math.max(-1, place - 1 - NAMED_BEFORE); i -= 1) {
    const { text } = tokens[i];
    if (END_MARKS.has(text) || lexicon.in("anew", text)) return found;
    if (lexicon.group(text) === PERSON || lexicon.in("people", text) || lexicon.in("somebody", text)) return false;
    const named = lexicon.in(group, text) || lexicon.in(group, text.replace(/s$/, ""));
    if (named && isSubject(tokens, i, lexicon)) {
      found = true;
      if (group === "animal") return true;
    }
  }
  return found;
}

/** Whether a word is not only compared with or a place: "like a dog", "in the oven". */
function isSubject(tokens, place, lexicon) {
  const said = tokens.slice(Math.max(0, place - 4), place).map((token) => token.text);
  if (said.slice(-3).some((word) => lexicon.in("at", word))) return false;
  const joined = said.join(" ");
  return !lexicon.pattern("like_a").all(joined).some((match) => match.index + match[0].length === joined.length);
}

/** Returns what was swallowed, clause by clause. */
export function findAmounts(tokens, lexicon, context) {
  const found = [];
  const texts = tokens.map((token) => token.text);
  const beast = texts.some((text) => lexicon.in("animal", text));
  const small = lexicon.pattern("is_a_child").test(texts.join(" "));
  for (const index of clauses(tokens)) {
    const clause = readClause(index, tokens, lexicon, context);
    const fed = beast && isFed(tokens, clause, lexicon);
    found.push(...swallowed(clause, lexicon, context, fed, small), ...mixed(clause, lexicon, context));
  }
  if (context && !isAboutAnAnimal(texts, lexicon)) found.push(...uncounted(tokens, texts, lexicon));
  return found;
}

function isFed(tokens, clause, lexicon) {
  const pair = nearest(clause.verbs, clause.objects);
  if (!pair) return false;
  const verb = clause.verbs.includes(pair[0]) ? pair[0] : pair[1];
  const given = clause.texts.slice(verb + 1, verb + 5);
  if (lexicon.in("giving", clause.texts[verb]) && given.some((word) => lexicon.in("animal", word))) return true;
  return isOf("animal", tokens, clause.index[verb], lexicon);
}

/** Returns the places of the words between two marks, commas left out. */
function clauses(tokens) {
  const found = [[]];
  tokens.forEach(({ text }, i) => {
    if (CLAUSE_MARKS.has(text)) found.push([]);
    else if (text !== ",") found[found.length - 1].push(i);
  });
  return found.filter((clause) => clause.length);
}

/** Returns the places of the words that a pattern covers. */
function covered(pattern, joined) {
  const places = new Set();
  for (const match of pattern.all(joined.text)) {
    const first = joined.place(match.index);
    for (let i = 0; i < match[0].split(" ").length; i += 1) places.add(first + i);
  }
  return places;
}

function readClause(index, message, lexicon, context) {
  const tokens = index.map((i) => message[i]);
  const texts = tokens.map((token) => token.text);
  const joined = new Joined(texts);
  const undone = covered(lexicon.pattern("not_swallowed"), joined);
  const places = (test) => texts.map((_, i) => i).filter((i) => test(texts[i], i));
  const gotAt = new Set(lexicon.pattern("got_at").all(joined.text).map((match) => joined.place(match.index)));
  const verbs = places((word, i) => (lexicon.in("swallowed", word) || gotAt.has(i)) && !undone.has(i));
  const medicine = places(
    (word, i) => (lexicon.in("medicine", word) || lexicon.group(word) === "BACLOFEN") && !undone.has(i),
  );
  const swallowing = verbs.filter((i) => !lexicon.in("giving", texts[i]));
  if (context || swallowing.length) {
    medicine.push(...places((word, i) => lexicon.in("pack", word) && !isOfAnother(texts, i, lexicon)));
  }
  const others =
    context && swallowing.length
      ? places((word) => lexicon.in("pronouns", word) || STRENGTH.test(word))
      : [];
  const usable = medicine.length ? verbs : swallowing;
  const objects = [...medicine, ...others].sort((a, b) => a - b);
  return { index, tokens, texts, verbs: usable, medicine, objects };
}

/** Whether a bottle or box holds something else: wine, chocolates, buttons. */
function isOfAnother(texts, pack, lexicon) {
  const rest = texts.slice(pack + 1, pack + 5);
  if (!rest.length || !lexicon.in("of", rest[0])) return false;
  return !rest.slice(1).some(
    (word) =>
      ["medicine", "pronouns", "drug"].some((group) => lexicon.in(group, word)) ||
      lexicon.group(word) === "BACLOFEN" || /^\d/.test(word),
  );
}

function swallowed(clause, lexicon, context, animal, small) {
  const found = [];
  const { texts, tokens } = clause;
  const pair = nearest(clause.verbs, clause.objects);
  if (!pair) return found;
  const here = (group) => texts.some((word) => lexicon.in(group, word));
  const joined = texts.join(" ");
  const [first, last] = texts.length <= QUOTED ? [0, texts.length - 1] : pair;
  const span = [tokens[first].start, tokens[last].end];
  const add = (key, level) => found.push({ key, level, about: ABOUT[key] || "", span, at: tokens[pair[0]].start });
  if (animal) {
    add("animal_swallowed", "urgent");
    return found;
  }
  const strong = clause.verbs.some((i) => !lexicon.in("giving", texts[i]));
  const usual = here("usual");
  const byAccident = lexicon.pattern("by_accident").test(joined);
  if (!byAccident && (here("deliberate") || lexicon.pattern("to_die").test(joined))) {
    add("deliberate_overdose", "emergency");
  }
  const young = here("child") || (small && here("somebody"));
  const wrong = strong || lexicon.pattern("not_theirs").test(joined);
  if (young && wrong && clause.medicine.length && !usual) add("child_swallowed", "emergency");
  if (isWholeLot(texts.slice(Math.max(0, pair[0] - 4), pair[1] + 5), clause, lexicon)) {
    add("large_amount", "emergency");
  }
  if (!usual) {
    const tablets = Math.max(0, ...clause.objects.map((place) => counted(texts, place, lexicon)));
    if (tablets >= MANY || milligrams(texts) >= MANY_MG) add("large_amount", "emergency");
    else if (tablets >= SOME && strong && context) add("extra_or_double_dose", "urgent");
  }
  if (here("extra") || byAccident) add("extra_or_double_dose", "urgent");
  return found;
}

function mixed({ texts, tokens }, lexicon, context) {
  const here = (group) => texts.some((word) => lexicon.in(group, word));
  const places = texts
    .map((_, i) => i)
    .filter((i) => ["alcohol", "opioid", "sedative"].some((group) => lexicon.in(group, texts[i])));
  if (!places.length || !context || !(here("swallowed") || here("joined"))) return [];
  const beside = here("alcohol") ? "with_alcohol" : "with_sedatives";
  const key = here("opioid") ? "with_opioids" : beside;
  const span = [tokens[places[0]].start, tokens[places[places.length - 1]].end];
  return [{ key, level: "urgent", about: ABOUT[key] || "", span }];
}

/** Nobody knows how much: with what says that some was taken, or "lost count", which says so itself. */
function uncounted(tokens, texts, lexicon) {
  const joined = new Joined(texts);
  const taken = texts.some((text) => lexicon.in("swallowed", text));
  const unknown =
    (taken && lexicon.pattern("unknown_amount").match(joined.text)) || lexicon.pattern("lost_count").match(joined.text);
  if (!unknown) return [];
  const first = joined.place(unknown.index);
  const last = Math.min(tokens.length - 1, first + unknown[0].split(" ").length - 1);
  const span = [tokens[first].start, tokens[last].end];
  return [{ key: "unknown_amount", level: "emergency", about: "", span }];
}

/** Returns the verb and the object that stand nearest, the earlier first; null where none is within reach. */
function nearest(verbs, objects) {
  let found = null;
  for (const verb of verbs) {
    for (const place of objects) {
      const apart = Math.abs(place - verb);
      if (!apart || apart > REACH) continue;
      const pair = [apart, Math.min(verb, place), Math.max(verb, place)];
      const nearer = found === null || pair[0] - found[0] || pair[1] - found[1] || pair[2] - found[2];
      if (nearer === true || nearer < 0) found = pair;
    }
  }
  return found && found.slice(1);
}

/** Whether all, most, a whole pack or an uncounted lot of it was swallowed. */
function isWholeLot(texts, clause, lexicon) {
  const joined = texts.join(" ");
  if (!lexicon.pattern("whole_lot").test(joined)) return lexicon.pattern("whole_pack").test(joined);
  if (lexicon.pattern("whole_time").test(joined)) return false;
  return clause.medicine.length > 0 || texts.some((word) => lexicon.in("pronouns", word));
}

/** Returns the number that counts the object at a place: "12 or 13 of my mum's tablets" are 13. */
function counted(texts, place, lexicon) {
  let most = 0;
  for (let i = place - 1; i > Math.max(-1, place - 1 - BACK); i -= 1) {
    const word = texts[i];
    if (lexicon.in("swallowed", word)) break; // "a woman of sixty took some"
    const value = lexicon.counts.get(word) || (/^\d{1,3}$/.test(word) ? Number(word) : 0);
    if (value) {
      const unit = lexicon.in("unit", texts[i + 1]) || STRENGTH.test(word);
      if (!unit && !(i && lexicon.in("not_counting", texts[i - 1]))) most = Math.max(most, value);
    } else if (place - i > 3 && !isSmall(word, lexicon)) break;
  }
  return most;
}

/** Whether a word may stand between a number and what it counts. */
function isSmall(word, lexicon) {
  const small = lexicon.fillers.has(word) || lexicon.in("unit", word) || lexicon.in("joining", word);
  return small || lexicon.group(word) === PERSON || STRENGTH.test(word);
}

/** Returns the most milligrams that are named, tablets times strength included. */
function milligrams(texts) {
  let most = 0;
  texts.forEach((word, i) => {
    const match = MILLIGRAMS.exec(word);
    if (match && (match[2] || UNITS.includes(texts[i + 1]))) most = Math.max(most, Number(match[1]));
  });
  for (const match of texts.join(" ").matchAll(TIMES)) {
    const [tablets, strength] = [Number(match[1]), Number(match[2])];
    if (Math.min(tablets, strength) > 1) most = Math.max(most, tablets * strength);
  }
  return most;
}
