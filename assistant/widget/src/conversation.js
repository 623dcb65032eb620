// The conversation as data: what was said, the card, what is on its way. Draws nothing.

import { openSession, send } from "./client.js";
import { deviceCard } from "./device_card.js";
import { uuid } from "./memory.js";
import { judge } from "./offline_signs.js";
import { shaped } from "./shape.js";
import { Turn, isCard, isGrave, isGraver } from "./turn.js";

/** Milliseconds after which this device judges by itself. */
const LONGEST_SILENCE = 1000;

/** Pauses before a message that did not get through goes out again, in milliseconds. */
const PAUSES = [1000, 4000, 8000, 15_000, 30_000, 30_000, 60_000, 60_000];

/** Entries that are kept over a reload. */
const MOST_KEPT = 60;

export class Conversation {
  /**
   * @param {object} host
   *   changed(): something is to be drawn; announce(event, detail); onGrave(): a card that must be seen has come;
   *   putBack(text): back into the box; place, words, language, endpoint and memory as they are now
   */
  constructor(host) {
    this.host = host;
    this.#clear();
  }

  #clear() {
    this.entries = [];
    this.card = null;
    this.choices = [];
    this.trouble = null;
    this.waiting = 0;
    this.wakers = new Set();
    this.stops = new Set();
  }

  /** Takes up what the tab remembers; what was on its way goes out again, with the same id. */
  restore() {
    const kept = this.host.memory.get("conversation");
    if (!kept || !Array.isArray(kept.entries)) return;
    const open = kept.entries.filter((entry) => entry.from === "user" && entry.state !== "said");
    this.entries = kept.entries.filter((entry) => !open.some((asked) => asked.id === entry.of));
    const isHalf = kept.card && open.some((asked) => asked.id === kept.card.of);
    this.card = kept.card && !isHalf ? { ...kept.card, isNew: false, asking: false } : null;
    this.choices = kept.choices || [];
    for (const entry of open) {
      entry.got = [];
      if (entry.state !== "refused") this.#deliver(entry);
    }
    this.host.changed(); // what was drawn before this showed none of it
  }

  /** Forgets everything, and stops what is on its way. */
  wipe() {
    for (const stop of this.stops) stop();
    this.#clear();
    this.#changed();
  }

  #changed() {
    const entries = this.entries.slice(-MOST_KEPT);
    this.host.memory.set({ conversation: { entries, card: this.card, choices: this.choices } });
    this.host.changed();
  }

  #add(entry) {
    const added = { id: uuid(), at: Date.now(), ...entry };
    this.entries = [...this.entries, added];
    return added;
  }

  #isOver(entry) {
    return !this.entries.includes(entry);
  }

  // Asking

  /**
   * Sends a text.
   *
   * @param {string} text what is sent
   * @param {string} shown what the user sees as said
   * @param {string} known a level that needs no reading, since a button says it
   */
  async ask(text, shown = text, known = "") {
    if (!text.trim()) return;
    this.trouble = null;
    this.choices = [];
    if (this.card) this.card.open = false;
    const entry = this.#add({ from: "user", text, shown, known, state: "sending", got: [] });
    this.#changed();
    this.host.announce("message", { from: "user" });
    await this.#deliver(entry);
  }

  /** Sends an entry until it is answered, refused or given up; the server knows it by its id. */
  async #deliver(entry) {
    const turn = new Turn(this.#view(entry));
    for (let tries = 0; ; tries += 1) {
      entry.state = "sending";
      if (this.trouble?.of === entry.id && this.trouble.kind !== "slow") this.#changed();
      const trouble = await this.#attempt(entry, turn);
      if (this.#isOver(entry)) return;
      if (!trouble) break;
      // What broke off before its first word had more the last time.
      if (trouble.kind === "down" && entry.got.length) trouble.kind = "cut";
      this.#judge(entry);
      const isQuiet = tries === 0 && ["down", "cut"].includes(trouble.kind);
      const isLast = !trouble.mayPass || tries >= PAUSES.length;
      entry.state = isLast && trouble.status === 413 ? "refused" : isLast ? "failed" : "waiting";
      if (!isQuiet) this.#fail(trouble, entry);
      if (trouble.status === 413) this.host.putBack(entry.shown);
      this.#changed();
      await this.#pause(isLast ? Infinity : PAUSES[tries], entry);
      if (this.#isOver(entry)) return;
    }
    entry.state = "said";
    delete entry.got;
    if (this.trouble?.of === entry.id) this.trouble = null;
    this.#settleDevice(entry, turn.level);
    this.#changed();
    this.wake();
  }

  /** Sends once; returns the trouble that came of it, null when all is well. */
  async #attempt(entry, turn) {
    const { host } = this;
    const stop = new AbortController();
    const end = () => stop.abort();
    let count = 0;
    let isAgain = false;
    this.stops.add(end);
    entry.retry = () => {
      isAgain = true;
      end();
    };
    if (entry.known || navigator.onLine === false) this.#judge(entry);
    const patience = setTimeout(() => count || this.#judge(entry), LONGEST_SILENCE);
    this.#wait(1);
    try {
      await openSession(host.endpoint, host.memory);
      const body = { sender: host.memory.sender(), message: entry.text, message_id: entry.id, metadata: host.place.metadata(host.language) };
      const take = (message) => {
        const line = JSON.stringify(message);
        const isKnown = entry.got[count] === line;
        count += 1;
        if (this.#isOver(entry) || isKnown) return;
        if (message.recipient_id) host.memory.set({ sender: message.recipient_id });
        entry.got[count - 1] = line;
        if (this.trouble?.of === entry.id) this.trouble = null;
        turn.take(shaped(message));
        this.#changed();
      };
      await send(host.endpoint, body, take, () => this.#fail({ kind: "slow" }, entry), stop);
      return null;
    } catch (error) {
      if (isAgain) return this.#isOver(entry) ? null : this.#attempt(entry, turn);
      return error.kind ? error : { kind: "broken" };
    } finally {
      turn.flush();
      clearTimeout(patience);
      this.stops.delete(end);
      this.#wait(-1);
    }
  }

  #wait(change) {
    this.waiting = Math.max(0, this.waiting + change);
    this.host.changed();
  }

  #fail({ kind, status = 0, text = "" }, entry) {
    this.trouble = { kind, status, text: kind === "refused" && status !== 413 ? text : "", of: entry.id };
    this.host.changed();
  }

  /** Waits for a while, or until there is reason to believe that the way is free again. */
  #pause(time, entry) {
    return new Promise((resolve) => {
      const timer = time < Infinity ? setTimeout(() => done(), time) : 0;
      const done = () => {
        clearTimeout(timer);
        this.wakers.delete(done);
        this.stops.delete(done);
        resolve();
      };
      if (time < Infinity) this.wakers.add(done);
      this.stops.add(done);
      entry.resume = done;
    });
  }

  /** Sends what waits at once: the network is back. */
  wake() {
    for (const done of [...this.wakers]) done();
  }

  /** Sends what the trouble is about again. */
  again() {
    const entry = this.entries.find((one) => one.id === this.trouble?.of);
    this.trouble = null;
    this.#changed();
    if (!entry) return;
    if (entry.state === "sending") entry.retry?.();
    else entry.resume?.();
  }

  // What comes back

  #view(entry) {
    return {
      say: (text, fact) => this.#say({ text, fact, of: entry.id }),
      addFact: (added, fact) => Object.assign(added, { fact }),
      takeBack: (added) => this.#takeBack(added),
      addStep: (text) => this.#addStep(text),
      offer: (buttons) => (this.choices = buttons),
      alert: (triage, text) => this.#alert(triage, text, entry),
    };
  }

  #say(what) {
    const added = this.#add({ from: "bot", language: this.host.language, ...what });
    this.#changed();
    this.host.announce("message", { from: "bot", fact: what.fact?.id });
    return added;
  }

  #takeBack(added) {
    this.entries = this.entries.filter((entry) => entry !== added);
    if (this.card) this.card.steps = this.card.steps.filter((step) => step !== added);
  }

  #addStep(text) {
    const step = { text };
    if (!this.card) return this.#say({ text });
    this.card.steps = [...this.card.steps, step];
    this.#changed();
    return step;
  }

  #alert(triage, text, entry) {
    this.host.place.told(triage);
    const { level } = triage;
    const isFirst = this.card?.of === entry.id && this.card.isDevice;
    if (!isCard(level) || (!isFirst && isGraver(this.card?.level, level))) {
      this.#say({ text, of: entry.id, note: level, language: triage.language, lines: triage.call });
      return;
    }
    // A button said that it is one: a milder reading of its words does not take that back.
    if (isFirst && entry.known && isGraver(entry.known, level)) return;
    this.#show({
      level,
      language: triage.language,
      lines: triage.call,
      quotes: entry.known ? [] : quotes(triage.words),
      of: entry.id,
      text,
    });
    this.host.announce("escalation", { level, country: triage.country, by: "server" });
  }

  /** Puts a card up; one of the same level that stands already is kept below it. */
  #show({ text, ...card }) {
    const [first, ...rest] = text.trim().split("\n");
    const before = this.card;
    const isMore = before && before.level === card.level && !before.isDevice;
    this.card = {
      ...card,
      first,
      steps: rest.length ? [{ text: rest.join("\n") }] : [],
      earlier: isMore ? [...before.steps, ...before.earlier] : [],
      open: true,
      asking: false,
      // The device has said it already: the server's fuller words come without a second alarm.
      isNew: !(before?.isDevice && before.of === card.of && before.level === card.level),
    };
    this.#changed();
    this.host.onGrave(isGrave(card.level));
  }

  // Without an answer

  /** Shows a card of this device's own where the words, or the button, call for one. */
  #judge(entry) {
    if (this.#isOver(entry) || entry.isJudged) return;
    const found = entry.known ? { level: entry.known } : judge(entry.text, this.host.language);
    if (!found) return;
    entry.isJudged = true;
    const { level } = found;
    if (!isCard(level) || isGraver(this.card?.level, level)) return;
    const { place, language } = this.host;
    const { first, steps, lines } = deviceCard(found, this.host);
    if (this.card?.level === level && !entry.known && !this.#isNews(found, steps)) return;
    this.#show({ level, language, lines, quotes: quotes((found.signs || []).map((sign) => sign.words)), of: entry.id, text: [first, ...steps].join("\n"), isDevice: true });
    this.host.announce("escalation", { level, country: place.country, by: "device" });
  }

  /** Says whether the signs of a message call for a step that the standing card does not have. */
  #isNews({ about }, steps) {
    const said = [this.card.first, ...this.card.steps.map((step) => step.text)].join("\n");
    return Boolean(about?.length) && steps.some((step) => !said.includes(step));
  }

  /** With an answer the server's level decides: what the device raised alone goes, and can be brought back. */
  #settleDevice(entry, level) {
    const { card } = this;
    if (!card?.isDevice || card.of !== entry.id || entry.known || isCard(level)) return;
    this.close();
  }

  // The card

  askClosing(asking) {
    this.card.asking = asking;
    this.#changed();
  }

  close() {
    const { card } = this;
    this.card = null;
    this.#add({ from: "card", card });
    this.#changed();
  }

  /** Brings a closed card back, unless a graver one stands. */
  reopen(entry) {
    if (isGraver(this.card?.level, entry.card.level)) return;
    this.entries = this.entries.filter((other) => other !== entry);
    this.card = { ...entry.card, isNew: false, asking: false, open: true };
    this.#changed();
  }

  /** Opens or folds the steps. */
  unfold(open) {
    if (this.card) this.card.open = open;
  }

  /** Notes that a card has been said: it will not be said again. */
  said() {
    if (this.card) this.card.isNew = false;
  }
}

const MOST_QUOTES = 4;
const LONGEST_QUOTE = 160;

/** Returns the user's own words that raised an alert, each once. */
function quotes(all) {
  const words = all.filter(Boolean);
  const isSaid = (quote, i) => words.some((other, j) => i !== j && other.includes(quote) && (other !== quote || j < i));
  return words
    .filter((quote, i) => !isSaid(quote, i))
    .slice(0, MOST_QUOTES)
    .map((quote) => (quote.length > LONGEST_QUOTE ? `${quote.slice(0, LONGEST_QUOTE)}…` : quote));
}
