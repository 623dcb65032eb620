// Numbers of the body as lay people give them; limits and their sources stand in baclofen/vitals.py.
import { allOf } from "./patterns.js";

const SLOW_PULSE = 45;
const FAST_PULSE = 130;
const LOW_OXYGEN = 91;
const FEW_BREATHS = 9;
const LONG_PAUSE = 8;
const [COLD_C, HOT_C, COLD_F, HOT_F] = [35.0, 39.5, 95.0, 103.0];
const [LOW_PRESSURE, HIGH_PRESSURE] = [80, 180];
const GAP = "[^\\d.!?\\n]{0,24}?";
const NEAR = 80;
const CUT = /[!?\n]|\.(?!\d)/;
const NAMED = ["pulse", "beats", "temperature", "measured", "degrees", "fahrenheit", "oxygen", "breath_rate", "breaths",
  "breathes", "pressure"];

export class Vitals {
  /**
   * @param {Record<string, string[]>} names what lay people call each number, as patterns
   * @param {Map<string, number>} counts number words and their values
   */
  constructor(names, counts) {
    this.names = names;
    this.counts = counts;
  }

  /** The patterns, built when a message first holds a number. */
  get forms() {
    return (this.built ||= forms((name) => `(?:${(this.names[name] || []).join("|") || "(?!)"})`, this.counts));
  }

  /** Whether a plain text may hold a number of a body. */
  mayStandIn(plain) {
    return (/\d/.test(plain) || this.forms.spoken.test(plain)) && this.forms.named.test(plain);
  }

  number(match) {
    const said = match.slice(1).find((group) => group);
    const parts = said.split(/[ -]/);
    if (this.counts.has(parts[0])) return parts.reduce((sum, part) => sum + (this.counts.get(part) || 0), 0);
    return Number(said.replace(",", "."));
  }

  /**
   * Returns the numbers in a plain text that are signs.
   * @param {boolean} context a medicine is spoken of: a fever or a high pressure counts only then
   */
  find(plain, context) {
    const found = [];
    if (!this.mayStandIn(plain)) return found;
    const { forms: form } = this;
    const add = (match, key, level, about) =>
      found.push({ key, level, about, span: [match.index, match.index + match[0].length] });
    const ofBody = (match) => !form.misread.test(around(plain, match));
    for (const match of allOf(form.oxygen, plain)) {
      const value = this.number(match);
      if (value >= 40 && value <= LOW_OXYGEN && ofBody(match)) add(match, "low_oxygen", "emergency", "breathing");
    }
    for (const match of allOf(form.pulse, plain)) {
      const value = this.number(match);
      if (value >= 15 && value <= SLOW_PULSE && ofBody(match)) add(match, "slow_heartbeat", "emergency", "heart");
      else if (context && value >= FAST_PULSE && value <= 250) {
        add(match, "irregular_or_racing_heart", "urgent", "heart");
      }
    }
    for (const match of allOf(form.breaths, plain)) {
      const value = this.number(match);
      if (value >= 1 && value <= FEW_BREATHS && ofBody(match)) {
        add(match, "slow_or_shallow_breathing", "emergency", "breathing");
      }
    }
    for (const match of allOf(form.pauses, plain)) {
      const value = this.number(match);
      if (value >= LONG_PAUSE && value <= 90 && form.breathes.test(around(plain, match))) {
        add(match, "slow_or_shallow_breathing", "emergency", "breathing");
      }
    }
    for (const match of [...allOf(form.temperature, plain), ...allOf(form.fahrenheit, plain)]) {
      const value = this.number(match);
      if (!ofBody(match) || form.elsewhere.test(around(plain, match))) continue;
      const hot = (value >= HOT_C && value <= 43) || (value >= HOT_F && value <= 110);
      if ((value >= 24 && value <= COLD_C) || (value >= 80 && value <= COLD_F)) {
        add(match, "hypothermia", "emergency", "cold");
      } else if (context && hot) add(match, "wd_high_fever", "emergency", "withdrawal");
    }
    for (const match of allOf(form.pressure, plain)) {
      const value = this.number(match);
      if (value >= 40 && value <= LOW_PRESSURE) add(match, "low_blood_pressure", "emergency", "heart");
      else if (context && value >= HIGH_PRESSURE && value <= 300) {
        add(match, "high_blood_pressure", "urgent", "heart");
      }
    }
    return found;
  }
}

function forms(n, counts) {
  const said = [...counts];
  const tens = said.filter(([, value]) => value >= 20 && value < 100).map(([word]) => word).join("|");
  const ones = said.filter(([, value]) => value < 10).map(([word]) => word).join("|");
  const spoken = tens ? `(?:${tens})(?:[ -](?:${ones}))?` : "(?!)";
  const big = `(\\d{2,3}|${spoken})(?![\\w/]| ?${n("other_unit")}\\b)`;
  const few = `(\\d{1,2}|${ones})(?!\\w)`;
  const degree = `(\\d{2,3}(?:[.,]\\d)?|${spoken})`;
  const minute = `(?: ?${n("times")})? ?${n("each")} ?${n("minute")}`;
  const all = (source) => new RegExp(source, "g");
  return {
    spoken: new RegExp(`\\b(?:${said.map(([word]) => word).join("|") || "(?!)"})\\b`),
    named: new RegExp(NAMED.map(n).join("|")),
    pulse: all(`\\b${n("pulse")}${GAP}\\b${big}|\\b(\\d{2,3}|${spoken}) ?${n("beats")}\\b`),
    temperature: all(
      `\\b${n("temperature")}${GAP}\\b${degree}\\b(?! ?/)|\\b${n("body")}${GAP}${degree} ?${n("degrees")}` +
        `|\\b${degree}(?: ?${n("degrees")})?[^\\d.!?\\n]{0,12}?\\b${n("measured")}\\b`,
    ),
    fahrenheit: all(`\\b${degree} ?${n("fahrenheit")}(?!\\w)`),
    oxygen: all(`\\b${n("oxygen")}${GAP}\\b${big}|\\b(\\d{2}) ?%? ?(?:\\w+ )?${n("oxygen")}\\b`),
    breaths: all(
      `\\b${n("breath_rate")}${GAP}\\b${few}|\\b${few} ?${n("breaths")}${minute}` +
        `|\\b${n("breathes")}\\b[^\\d.!?\\n]{0,40}?\\b${few}${minute}`,
    ),
    pauses: all(
      `\\b(\\d{1,2}|${spoken}|${said.map(([word]) => word).join("|")}) ?${n("pause")} (?:\\w+ )?${n("between")}\\b`,
    ),
    breathes: new RegExp(`\\b${n("breathes")}`),
    pressure: all(
      `\\b${n("pressure")}${GAP}\\b(\\d{2,3})(?: ?(?:/|over) ?\\d{2,3})?\\b|\\b([5-8]\\d) ${n("over")} [2-6]\\d\\b`,
    ),
    misread: new RegExp(`\\b${n("misread")}\\b`),
    elsewhere: new RegExp(`\\b${n("other_place")}\\b`),
  };
}

/** Returns what stands around a match in its sentence. */
function around(plain, match) {
  const [start, end] = [match.index, match.index + match[0].length];
  const before = plain.slice(Math.max(0, start - NEAR), start).split(CUT);
  return before[before.length - 1] + match[0] + plain.slice(end, end + NEAR).split(CUT)[0];
}
