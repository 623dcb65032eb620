// Whether a sign is denied. Strict: one unknown word ends the reach of a "no" (baclofen/denial.py).
import { BREAK, COMMA, NOT, PERSON, UNSURE } from "./lexicon.js";
import { CLAUSE_MARKS } from "./text.js";

const REACH = 60;

/** Says whether a hit is denied in its clause. */
export function isDenied(hit, scene) {
  const { tokens, lexicon } = scene;
  const { words, index } = hit.view;
  const begins = (text) => text === COMMA || lexicon.in("and", text) || lexicon.in("anew", text);
  let named = false;
  let looked = hit.tokens[0] + 1;
  for (let place = hit.start - 1; place >= Math.max(0, hit.start - REACH) && words[place] !== BREAK; place -= 1) {
    const [word, here] = [words[place], index[place]];
    const holders = (scene.holders.get(here) || []).some((other) => other !== hit);
    const people = [];
    for (let i = here + 1; i < looked; i += 1) if (scene.isPerson(i)) people.push(i);
    // "No fever, he has fainted", "no fever but won't wake up": begun anew.
    if (people.some((i) => begins(tokens[i - 1].text)) || lexicon.in("anew", tokens[here].text)) break;
    named = named || people.length > 0;
    looked = here + 1;
    if (word === NOT) {
      if (holders) return false; // this negator is itself part of a sign and denies nothing else
      if (isAnswer(hit.view, place, tokens, lexicon)) break;
      return !isDoubled(hit.view, place, tokens, lexicon);
    }
    if (word === UNSURE && place === hit.start - 1 && hit.sign.level === "crisis") return true;
    const tied = holders && !named && isJoined(hit.view, place, tokens);
    const small = word === PERSON || lexicon.in("joining", tokens[here].text) || lexicon.fillers.has(word);
    if (!tied && !small) break;
  }
  return isDeniedAfter(hit, tokens, lexicon);
}

/** "No he can't breathe", "no, not breathing": the "no" answers what was asked, or is a cry. */
function isAnswer({ words, index }, place, tokens, lexicon) {
  const here = index[place];
  if (!lexicon.in("answering", tokens[here].text)) return false;
  if (words[place + 1] === NOT) return true;
  const before = here && tokens[here - 1].text;
  const head = here === 0 || CLAUSE_MARKS.has(before) || before === COMMA;
  return head && here + 1 < tokens.length && lexicon.group(tokens[here + 1].text) === PERSON;
}

/** Whether a known sign at this place is tied to the next word by "or", "nor" or a comma. */
function isJoined({ index }, place, tokens) {
  const here = index[place];
  if (here + 1 >= tokens.length) return false;
  const tie = ["or", "nor", COMMA].includes(tokens[here + 1].text);
  return tie || index[Math.min(place + 1, index.length - 1)] === here + 1;
}

/** Two negators in a row, as in "I wouldn't say he isn't": the sign stands. */
function isDoubled({ words, index }, place, tokens, lexicon) {
  let [negated, said] = [false, false];
  for (let i = Math.max(0, place - 4); i < place; i += 1) {
    negated = negated || words[i] === NOT;
    said = said || lexicon.in("saying", tokens[index[i]].text);
  }
  return negated && said;
}

/** "Vomiting? no" and "seizures: none", only where the clause ends after the "no". */
function isDeniedAfter(hit, tokens, lexicon) {
  const last = hit.tokens[1];
  let rest = tokens.slice(last + 1, last + 4).map((token) => token.text);
  if (rest.length && "?:".includes(rest[0])) rest = rest.slice(1);
  if (!rest.length || !lexicon.in("denied_after", rest[0])) return false;
  return rest.length === 1 || ".!?;\n,".includes(rest[1]);
}
