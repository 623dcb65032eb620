// What a sentence is: a report of now, a question about nobody, a what-if, long past, or fiction (baclofen/context.py).

export const FAR = 500;
const CLAUSE = /[,:()[\]"]| - /;

/**
 * Returns where a sign stands: its sentence, what stands before it, and whether the words say that it is so.
 * @param {number} at where the sign begins in the plain text of the message
 */
export function placeOf(message, sentence, at, claim) {
  const turn = message.lexicon.pattern("turn");
  const { plain } = message;
  let start = Math.max(sentence.start, at - FAR);
  let end = Math.min(sentence.end, at + FAR);
  for (const match of turn.all(plain.slice(0, at), start)) start = match.index + match[0].length;
  const after = turn.match(plain.slice(0, end), at);
  if (after) end = after.index;
  const before = plain.slice(start, at).trimStart();
  const clauses = before.split(CLAUSE);
  const lead = clauses[clauses.length - 1].trimStart();
  return { sentence: plain.slice(start, end).trimStart(), before, lead, claim };
}

/** Says how a sign has to be taken: now, question, hypothetical, past, fiction, well. */
export function frameOf(place, message) {
  const { frames, patterns } = message.lexicon;
  const { sentence } = place;
  const said = place.claim ? place.before : sentence;
  const present = frames.now.test(sentence);
  if (isFiction(place, message)) return "fiction";
  const happening = patterns.happening.test(sentence);
  if (!message.says("happening") && ((frames.study.test(said) && !present) || isLesson(place, message))) {
    return "question";
  }
  if (!happening && message.says("well")) return "well";
  if (!happening && frames.past.test(sentence)) return "past";
  if ((!present && isSupposed(place, message.lexicon)) || isAnybody(place, message.lexicon)) {
    return "hypothetical";
  }
  const specific = patterns.somebody.test(sentence);
  const asking = frames.question.test(said) || (!place.claim && sentence.trimEnd().endsWith("?"));
  if (asking && !present && (!specific || patterns.asks_for_oneself.test(sentence))) return "question";
  return "now";
}

function isSupposed(place, lexicon) {
  const supposing = lexicon.frames.hypothetical;
  const condition = lexicon.frames.condition || supposing;
  const unsure = lexicon.pattern("unsure");
  const lead = unsure.replace(place.lead, " ");
  const before = unsure.replace(place.before, " ");
  if (supposing.test(lead) || condition.test(lead) || condition.begins(before.trimStart())) return true;
  return !place.claim && supposing.test(unsure.replace(place.sentence, " "));
}

function isAnybody(place, lexicon) {
  return lexicon.pattern("anybody").test(place.lead) && !lexicon.pattern("at_once").test(place.sentence);
}

function isLesson(place, message) {
  if (!message.says("lesson")) return false;
  const { patterns } = message.lexicon;
  const { sentence } = place;
  const somebody = patterns.somebody.test(sentence) && patterns.is_or_has.test(sentence);
  return !(place.claim && (patterns.ours.test(sentence) || somebody));
}

function isFiction(place, message) {
  const { lexicon } = message;
  const story = lexicon.pattern("told").match(place.before);
  if (story) {
    const from = story.index + story[0].length;
    return !lexicon.patterns.happening.test(place.sentence) && !lexicon.frames.now.test(place.sentence, from);
  }
  return message.says("fiction") && !reports(place.sentence, lexicon);
}

function reports(sentence, { frames, patterns }) {
  if (!patterns.ours.test(sentence)) return false;
  const story = frames.fiction.match(sentence);
  if (story) return frames.now.test(sentence, story.index + story[0].length);
  return frames.now.test(sentence) || patterns.is_or_has.test(sentence);
}
