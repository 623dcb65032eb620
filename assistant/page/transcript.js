// The conversation: bubbles, answers with their sources, notes.

import { blocks, button, callButton, callable, el, longDate, sourceLink } from "./dom.js";

const BOOK = /^\/facts\/[a-z_]+\.html#[a-z0-9_]+$/;
const NOTE_TITLES = { awareness: "Good to know", urgent: "Get advice now", crisis: "Support", emergency: "Emergency" };

export class Transcript {
  constructor(log, scroller) {
    this.log = log;
    this.scroller = scroller;
    this.lastQuestion = null;
    new ResizeObserver(() => this.follow()).observe(scroller);
  }

  user(text) {
    const bubble = el("div", { class: "bubble user" }, el("span", { class: "hidden" }, "You wrote: "), el("p", {}, text));
    this.lastQuestion = bubble;
    return this.#add(bubble);
  }

  bot(text, lines = []) {
    return this.#add(el("div", { class: "bubble bot" }, ...blocks(text, lines)));
  }

  /** A curated answer, its sources folded below it. */
  fact(text, fact) {
    return this.addSources(this.bot(text), fact);
  }

  addSources(bubble, fact) {
    const sources = Array.isArray(fact.sources) ? fact.sources : [];
    const unread = (source) => (source.checked === false ? " – not read for this answer" : "");
    const items = sources.map((source) => el("li", {}, sourceLink(source), source.date ? ` (${longDate(source.date)})` : "", unread(source)));
    const checked = fact.reviewed_on ? `Checked on ${longDate(fact.reviewed_on)}` : "Not checked yet";
    const status = fact.review_status ? `: ${fact.review_status}.` : ".";
    bubble.append(
      el(
        "details",
        { class: "sources" },
        el("summary", {}, sources.length === 1 ? "1 source" : `${sources.length} sources`),
        items.length ? el("ul", {}, ...items) : null,
        el("p", {}, checked + status),
        fact.checked === false ? el("p", {}, "The key part of this answer is general knowledge that no source read for it confirms.") : null,
        BOOK.test(fact.page || "") ? el("p", {}, el("a", { href: fact.page, target: "_blank" }, "This answer in the fact book")) : null,
      ),
    );
    this.follow();
    return bubble;
  }

  /** Advice that needs no card of its own, with the numbers to call. */
  note(triage, text) {
    const lines = callable(triage.call);
    const note = this.bot(text, lines);
    note.classList.add("notice", triage.level);
    if (triage.language) note.lang = triage.language;
    note.prepend(el("p", { class: "notice-title" }, NOTE_TITLES[triage.level] || NOTE_TITLES.awareness));
    if (lines.length) note.append(el("div", { class: "calls" }, ...lines.map(callButton)));
    this.follow();
    return note;
  }

  /** A line of our own with a button, such as the one that brings a closed card back. */
  remark(text, label, onclick) {
    const remark = el("p", { class: "remark" }, text, " ", button(label, () => (remark.remove(), onclick()), "link"));
    return this.#add(remark);
  }

  /** Keeps the last question in view, and as much of its answer as fits. */
  follow() {
    const end = this.scroller.scrollHeight - this.scroller.clientHeight;
    if (end <= 0 || !this.lastQuestion) return;
    this.scroller.scrollTop = Math.min(end, this.lastQuestion.offsetTop - 12);
  }

  #add(node) {
    this.log.append(node);
    this.follow();
    if (getComputedStyle(this.scroller).overflowY === "visible") node.scrollIntoView({ block: "nearest" });
    return node;
  }
}
