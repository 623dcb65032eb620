// Where the user is: the country select, and the emergency bar that follows it and the replies.

import { callable, el } from "./dom.js";
import { recall, remember } from "./session.js";

const ELSEWHERE = { number: "112", uri: "tel:112" };
const MOST_NUMBERS = 2;
const UNKNOWN = [{ number: "911", uri: "tel:911" }];

export class Place {
  constructor(select, bar) {
    this.select = select;
    this.bar = bar;
    this.lines = UNKNOWN;
    select.value = recall("country") || "";
    if (!select.value) select.value = "";
    select.addEventListener("change", () => {
      remember("country", select.value);
      this.chosen();
    });
    if (select.value) this.chosen();
  }

  /** What the bot is told: only what is known. */
  metadata() {
    const { value } = this.select;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return {
      ...(value && value !== "other" ? { country: value } : {}),
      ...(zone ? { time_zone: zone } : {}),
      ...(navigator.language ? { locale: navigator.language } : {}),
    };
  }

  chosen() {
    const call = this.select.selectedOptions[0]?.dataset.call;
    if (call) this.lines = call.split(" ").map(own);
    else this.lines = this.select.value ? [ELSEWHERE] : UNKNOWN;
    this.show();
  }

  /** Takes the numbers of a reply for one country; a reply for an unknown place lists many. */
  told(triage) {
    const lines = callable(triage.call).filter((line) => line.kind === "emergency" && line.uri.startsWith("tel:"));
    if (!triage.country || !lines.length || lines.length > MOST_NUMBERS) return;
    const known = [...this.select.options].find((option) => option.value === triage.country)?.dataset.call || "";
    const mobiles = known.split(" ").map(own).filter((line) => line.isMobile).map((line) => line.number);
    this.lines = lines.map((line) => ({ ...line, isMobile: mobiles.includes(line.number) }));
    this.show();
  }

  /** The number to name in our own words. */
  first() {
    return this.lines[0];
  }

  show() {
    const names = this.lines.flatMap((line, i) => [
      i ? " or " : "",
      el("a", { class: "number", href: line.uri }, line.number),
      line.isMobile ? " (mobile)" : "",
    ]);
    const isSure = this.lines.some((line) => line.number === ELSEWHERE.number) || this.hasOwnCountry();
    const tail = isSure ? "" : el("span", { class: "aside" }, "(elsewhere ", el("a", { class: "number", href: ELSEWHERE.uri }, ELSEWHERE.number), ")");
    const local = this.select.value === "other" ? " or your local emergency number" : "";
    this.bar.replaceChildren("In an emergency call ", ...names.filter((part) => part !== ""), local, " ", tail);
  }

  hasOwnCountry() {
    return Boolean(this.select.selectedOptions[0]?.dataset.call);
  }
}

function own(entry) {
  const [number, mobile] = entry.split(":");
  return { number, uri: `tel:${number}`, isMobile: mobile === "mobile" };
}
