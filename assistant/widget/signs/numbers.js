// Whom to call and what to say first, without a server (baclofen/phone_lines.py, baclofen/first_message.py).

const FITTED_TO = ["breathing", "unconscious", "seizure", "self_harm", "child", "opioid", "pump", "withdrawal",
  "vomiting", "kidney"];

export class Numbers {
  /**
   * @param {object} places the lines of each country
   * @param {object} said the first words in each language
   */
  constructor(places, said) {
    this.places = places;
    this.said = said;
  }

  /**
   * Returns the code of the country that the first hint names; undefined where none does.
   * @param {{country?: string, timeZone?: string, locale?: string}} hints
   */
  countryOf({ country = "", timeZone = "", locale = "" } = {}) {
    const { places } = this;
    const codes = Object.keys(places);
    const zone = timeZone.toLowerCase();
    const region = locale.split(/[-_]/).slice(1).find((part) => /^[A-Za-z]{2}$/.test(part)) || "";
    const byZone = () => zone && codes.find((code) => places[code].zones.toLowerCase().split(" ").includes(zone));
    const known = (code) => (Object.hasOwn(places, code.toUpperCase()) ? code.toUpperCase() : "");
    const named = codes.find((code) => places[code].name.toLowerCase() === country.toLowerCase());
    return known(country) || named || byZone() || known(region) || undefined;
  }

  words(language) {
    const code = String(language || "en").split(/[-_]/)[0].toLowerCase();
    return Object.hasOwn(this.said, code) ? this.said[code] : this.said.en;
  }

  lines(kind, country, words) {
    const place = this.places[country];
    return (place ? place.lines[kind] : words.unknown.lines[kind]) || [];
  }

  /**
   * Returns the calls to offer, the most needed first.
   * @param {{level: string, about: string[]}} verdict
   * @param {{country?: string, language?: string}} options a country's code, and a language
   * @returns {{kind: string, label: string, number: string, uri: string}[]}
   */
  calls({ level, about = [] }, { country, language } = {}) {
    const words = this.words(language);
    const crisis = about.includes("self_harm") || about.includes("despair") ? ["crisis"] : [];
    const animal = about.includes("animal");
    let kinds = [...crisis, "poison", "emergency"];
    if (level === "emergency") kinds = ["emergency", ...crisis, "poison", ...(animal ? ["animal"] : [])];
    else if (level === "crisis") kinds = ["crisis", "emergency"];
    else if (animal) kinds = ["animal", "emergency"];
    return kinds.flatMap((kind) =>
      this.lines(kind, country, words).map(([label, number, uri]) => {
        return { kind, label: words.names[label] || label, number, uri };
      }),
    );
  }

  /**
   * Returns the first sentences of an emergency or a crisis, the number in the first; none for other levels.
   * @param {{level: string, about: string[]}} verdict
   * @param {{country?: string, language?: string, names?: object}} options `names`: what is to stand for some {names}
   */
  firstWords({ level, about = [] }, { country, language, names } = {}) {
    const words = this.words(language);
    let sentences = [];
    if (level === "emergency") {
      sentences = words.emergency[FITTED_TO.find((matter) => about.includes(matter)) || "default"];
    } else if (level === "crisis") {
      const key = this.lines("crisis", country, words).length ? "default" : "no_line";
      sentences = words.crisis[this.places[country] ? key : "unknown_place"];
    }
    return this.fill(sentences, country, words, names);
  }

  /** Puts what it stands for in the place of every {name}. */
  fill(sentences, country, words, names) {
    const filled = { ...this.filled(country, words), ...names };
    return sentences.map((sentence) => sentence.replace(/\{(\w+)\}/g, (_, name) => filled[name] ?? ""));
  }

  /** Returns a line in words: name, number, hours, and a mark when nobody checked the number. */
  phrase([label, number, , , hours, isUnchecked], words) {
    const named = (text) => words.names[text] || text;
    const values = { label: named(label), number, hours: named(hours) };
    const text = words[hours ? "line_hours" : "line"].replace(/\{(\w+)\}/g, (_, name) => values[name]);
    return isUnchecked ? text + words.unchecked : text;
  }

  /** Returns what stands for the names in the sentences. */
  filled(country, words) {
    if (!this.places[country]) return words.unknown.said;
    const emergency = this.lines("emergency", country, words).map(([, number, , how]) =>
      how === "mobile" ? words.mobile.replace("{number}", number) : number,
    );
    const [crisis] = this.lines("crisis", country, words);
    const phrases = (kind) => this.lines(kind, country, words).map((line) => this.phrase(line, words));
    const pattern = crisis && crisis[3] === "text" ? words.call_or_text : words.call;
    const number = emergency.join(words.or);
    const call = crisis ? pattern.replace("{number}", crisis[1]) : "";
    return {
      number,
      numbers: emergency.join(", "),
      crisis: crisis ? crisis[1] : words.unknown.said.crisis,
      call_crisis: call,
      crisis_line: phrases("crisis").join(words.or) || words.unknown.said.crisis_line,
      poison: phrases("poison")[0] || words.no_poison_line,
      animal: phrases("animal").join(words.or) || words.no_animal_line,
    };
  }
}
