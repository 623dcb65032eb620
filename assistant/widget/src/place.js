// Where the user is, as far as that is known, and whose numbers to name without asking the server.

import { PLACES } from "./generated/places.js";
import { fill } from "./words.js";

const ELSEWHERE = { kind: "emergency", label: "Emergency services", number: "112", uri: "tel:112" };
const UNKNOWN = [{ kind: "emergency", label: "Emergency services", number: "911", uri: "tel:911" }];
const MOST_NUMBERS = 2;

const named = {};

/** Returns the countries with their names in a language, in its order; sorting them again would take too long. */
export const countriesIn = (language) => (named[language] ||= nameCountries(language));

function nameCountries(language) {
  const names = Intl.DisplayNames ? new Intl.DisplayNames([language], { type: "region" }) : null;
  const pairs = PLACES.map(({ code }) => [code, names?.of(code) || code]);
  return pairs.sort((a, b) => a[1].localeCompare(b[1], language));
}

export class Place {
  /** @param {string} chosen country code, "other", or empty to go by the time zone */
  constructor(chosen = "") {
    this.zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
    this.choose(chosen);
  }

  choose(code) {
    this.chosen = code || "";
    const known = PLACES.find((place) => place.code === this.chosen);
    const guess = this.chosen ? null : PLACES.find((place) => place.zones.includes(this.zone));
    this.#take(known || guess);
    if (!this.country && this.chosen) this.emergency = [ELSEWHERE];
  }

  /** Takes the numbers of a reply for one country; a reply for an unknown place lists many. */
  told(triage) {
    const lines = triage.call.filter((line) => line.kind === "emergency" && line.uri.startsWith("tel:"));
    if (!triage.country || !lines.length || lines.length > MOST_NUMBERS) return;
    const before = this.country;
    this.#take(PLACES.find((place) => place.code === triage.country));
    this.country ||= before && triage.country;
    this.emergency = lines.map((line) => ({ ...line, isMobile: this.#isMobile(line) }));
  }

  #take(place) {
    this.country = place?.code || "";
    this.lines = (place?.lines || []).map(([kind, label, number, uri, mark]) => ({
      ...{ kind, label, number, uri },
      isMobile: mark === "mobile",
      byText: mark === "text",
    }));
    const own = this.lines.filter((line) => line.kind === "emergency");
    this.emergency = own.length ? own : UNKNOWN;
  }

  #isMobile({ number }) {
    return this.lines.some((line) => line.isMobile && line.number === number);
  }

  /** What the bot is told: only what is known. */
  metadata(language) {
    return {
      ...(this.chosen && this.chosen !== "other" ? { country: this.chosen } : {}),
      ...(this.zone ? { time_zone: this.zone } : {}),
      ...(navigator.language ? { locale: navigator.language } : {}),
      language,
    };
  }

  /** The number to name in our own words. */
  first() {
    return this.emergency[0];
  }

  /** Says whether 112 should be named beside numbers that may be those of another country. */
  get isUnsure() {
    return !this.country && !this.emergency.some((line) => line.number === ELSEWHERE.number);
  }

  /** Returns the lines that a card of a level offers when no server is there to say. */
  linesFor(level) {
    const kinds = { crisis: ["crisis", "emergency"], urgent: ["poison", "emergency"] }[level] || ["emergency", "poison"];
    const of = (kind) => (kind === "emergency" ? this.emergency : this.lines.filter((line) => line.kind === kind));
    return [...kinds.flatMap(of), ...(this.isUnsure ? [ELSEWHERE] : [])];
  }

  /** Returns what stands for {number}, {poison} and the other names in the bot's sentences. */
  names(words) {
    const say = (line) => (line.isMobile ? fill(words.mobile, line) : line.number);
    const [crisis] = this.lines.filter((line) => line.kind === "crisis");
    const [poison] = this.lines.filter((line) => line.kind === "poison");
    return {
      number: [...this.emergency, ...(this.isUnsure ? [ELSEWHERE] : [])].map(say).join(words.or),
      poison: poison ? fill(words.line, poison) : this.country ? words.no_poison : words.no_poison_unknown,
      call_crisis: crisis && fill(crisis.byText ? words.call_or_text : words.call, crisis),
    };
  }
}

export const elsewhere = ELSEWHERE;
