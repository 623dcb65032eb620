// The card: what to do now, whom to call, why, and the steps while waiting. It stays until it is closed.

import { button, callButton, callable, el, linkify, steps } from "./dom.js";
import { isGrave, isGraver } from "./turn.js";

const TITLES = { emergency: "Emergency", crisis: "Support, now", urgent: "Get advice now" };
const MOST_QUOTES = 4;
const LONGEST_QUOTE = 160;

export class Card {
  /**
   * @param {HTMLElement} root
   * @param {{onChange: () => void, onClosed: (reopen: () => void, level: string) => void}} events
   */
  constructor(root, events) {
    this.root = root;
    this.events = events;
    this.level = "none";
    this.earlier = [];
  }

  /** Says whether an alert would take the place of a graver one that still stands. */
  isOutranking(level) {
    return isGraver(this.level, level);
  }

  /** Shows message 1 and the numbers; a screen reader says message 1 once, at once. */
  show(triage, text) {
    const lines = callable(triage.call);
    const fallback = lines[0] ? `Call ${lines[0].number} now.` : "Call your emergency number now.";
    const [words, ...rest] = (text.trim() || fallback).split("\n");
    // A later message says only what is new; what was said before stays at hand below it.
    const earlier = this.level === triage.level ? [...this.steps.childNodes, ...this.earlier] : [];
    this.level = triage.level;
    this.lines = lines;
    this.earlier = earlier;

    const spoken = el("div", { class: "first", role: "alert" });
    this.steps = el("div", { class: "steps", "aria-live": "polite" });
    this.details = el("details", { class: "more", open: true, hidden: true }, el("summary", {}, "What to do next"), this.steps);
    this.closing = el("div", { class: "closing" });
    this.offerClosing();
    this.root.className = `card ${triage.level}`;
    this.root.lang = triage.language || "en";
    this.root.replaceChildren(
      el(
        "div",
        { class: "head" },
        el("h2", { id: "card-title" }, TITLES[triage.level]),
        this.closing,
        spoken,
        lines.length ? el("div", { class: "calls" }, ...lines.map(callButton)) : null,
        because(triage.signs),
      ),
      this.details,
      ...(earlier.length ? [el("details", { class: "more" }, el("summary", {}, "Said before"), ...earlier)] : []),
    );
    this.root.hidden = false;
    this.root.scrollTop = 0;
    if (rest.length) this.addSteps(rest.join("\n"));
    // The alert is on the page before its words are: only then do all screen readers say them.
    requestAnimationFrame(() => {
      spoken.append(el("p", {}, ...linkify(words, lines)));
      this.events.onChange();
      if (isGrave(this.level) && getComputedStyle(this.root).overflowY === "visible") this.root.scrollIntoView();
    });
    this.events.onChange();
  }

  addSteps(text) {
    const node = el("div", { class: "part" }, ...steps(text, this.lines));
    this.details.hidden = false;
    this.steps.append(node);
    this.events.onChange();
    return node;
  }

  /** Leaves message 1 and the numbers, so that a new answer has room. */
  fold() {
    if (this.details) this.details.open = false;
  }

  offerClosing() {
    const close = button("Close", () => this.askWhetherToClose());
    this.closing.classList.remove("asking");
    this.closing.replaceChildren(close);
    return close;
  }

  askWhetherToClose() {
    const keep = button("Keep it open", () => this.offerClosing().focus());
    const close = button("Close it", () => this.close());
    keep.setAttribute("aria-describedby", "sure");
    close.setAttribute("aria-describedby", "sure");
    this.closing.classList.add("asking");
    this.closing.replaceChildren(el("p", { id: "sure" }, "Close this help? You can bring it back."), keep, close);
    keep.focus();
  }

  close() {
    const { level, lines, details, steps: list, closing } = this;
    const { className, lang } = this.root;
    const content = [...this.root.childNodes];
    this.level = "none";
    this.root.hidden = true;
    this.root.replaceChildren();
    const reopen = () => {
      if (this.isOutranking(level)) return;
      Object.assign(this, { level, lines, details, closing, steps: list });
      Object.assign(this.root, { className, lang });
      // Said once already: it comes back without the alert.
      content[0].querySelector("[role=alert]")?.removeAttribute("role");
      this.offerClosing();
      details.open = true;
      this.root.replaceChildren(...content);
      this.root.hidden = false;
      this.events.onChange();
      this.root.focus();
    };
    this.events.onChange();
    this.events.onClosed(reopen, level);
  }
}

/** Returns the user's own words that raised the alert, null when there are none. */
function because(signs) {
  const words = (Array.isArray(signs) ? signs : []).map((sign) => String(sign?.words || "").trim()).filter(Boolean);
  const isSaid = (quote, i) => words.some((other, j) => i !== j && other.includes(quote) && (other !== quote || j < i));
  const quotes = words.filter((quote, i) => !isSaid(quote, i)).slice(0, MOST_QUOTES).map((quote) => {
    return `“${quote.length > LONGEST_QUOTE ? `${quote.slice(0, LONGEST_QUOTE)}…` : quote}”`;
  });
  return quotes.length ? el("p", { class: "because" }, `Because you wrote: ${quotes.join(", ")}`) : null;
}
