// What to do while nobody answers, fitted to what a message is about (baclofen/replies.py).

export class Care {
  /**
   * @param {import("./numbers.js").Numbers} numbers
   * @param {object} order in which order matters are looked at, and how many lines there may be
   * @param {object} said the sentences in each language
   */
  constructor(numbers, order, said) {
    Object.assign(this, { numbers, order, said });
  }

  /**
   * Returns the lines that follow the first words: care, or the advice of an urgent message.
   * @param {{level: string, about: string[]}} verdict
   * @param {{country?: string, language?: string, names?: object}} options see `firstWords`
   * @returns {string[]} none for the levels that call for nothing
   */
  lines({ level, about = [] }, { country, language, names } = {}) {
    const words = this.numbers.words(language);
    const own = this.said[words.language];
    const has = (kind) => Boolean(this.numbers.places[country]?.lines[kind]);
    const makers = { emergency: emergency, crisis, urgent };
    const chosen = makers[level]?.(own, new Set(about), this.order, has) || [];
    return this.numbers.fill(chosen, country, words, names);
  }
}

function emergency(own, about, order, has) {
  const despairs = order.despairing.some((matter) => about.has(matter));
  const item = (text) => own.bullet + text;
  const lines = despairs ? [own.also_call_crisis] : [];
  if (has("poison")) lines.push(own.also_call_poison);
  if (about.has("animal")) lines.push(own.also_call_animal);
  lines.push(own.heading, ...steps(own, about, order).map(item), item(own.do_not[0]));
  if (lines.length + 2 <= order.most) lines.push(item(own.do_not[1]));
  const [usual, pump, child] = own.tell;
  return [...lines, about.has("pump") ? pump : about.has("child") ? child : usual];
}

/** Returns the first step of each matter, then the second ones, then the general ones. */
function steps(own, about, order) {
  const chosen = order.care.filter((matter) => about.has(matter)).map((matter) => own.steps[matter]);
  const turns = [...Array(own.most_steps).keys()];
  const byTurn = turns.flatMap((turn) => chosen.filter((each) => turn < each.length).map((each) => each[turn]));
  return [...new Set([...byTurn, ...own.steps.default])].slice(0, own.most_steps);
}

function crisis({ crisis: own, bullet }, about, order, has) {
  const talk = has("crisis") || !has("emergency") ? own.talk : own.no_line;
  return [own.opening, talk, ...own.steps.map((text) => bullet + text), own.closing];
}

function urgent(own, about, order) {
  const key = about.has("animal") ? "animal" : order.advice.find((matter) => about.has(matter)) || "default";
  const despairs = order.despairing.some((matter) => about.has(matter));
  return [...own.urgent[key], ...(despairs ? [own.also_call_crisis] : [])];
}
