// <baclofen-chat>: attributes, lifecycle and the frame; the conversation is in conversation.js, the parts in views/.

import { LitElement, html, nothing } from "lit";

import { forget } from "./client.js";
import { Conversation } from "./conversation.js";
import { copy, print, save } from "./keep.js";
import { Memory } from "./memory.js";
import { prepare } from "./offline_signs.js";
import { Place } from "./place.js";
import { leaveFor, onThreeShifts } from "./quick_exit.js";
import { hush, onVoices, speak } from "./speech.js";
import { styles } from "./styles/index.js";
import { dock } from "./views/dock.js";
import { scroll } from "./views/log.js";
import { launcher, top } from "./views/top.js";
import { ENGLISH, fill, languageOf, wordsIn } from "./words.js";

/** Where this file came from is where the bot is, unless `endpoint` says otherwise. */
const HOME = document.currentScript?.src ? new URL(document.currentScript.src).origin : location.origin;
const hasKeyboard = matchMedia("(pointer: fine)");

export class BaclofenChat extends LitElement {
  static properties = {
    endpoint: {},
    country: {},
    language: {},
    greeting: {},
    position: { reflect: true },
    exit: {},
    open: { type: Boolean, reflect: true },
    isOptionsOpen: { state: true },
    isDeleting: { state: true },
    status: { state: true },
    reading: { state: true },
  };

  static styles = styles;

  constructor() {
    super();
    this.position = "bottom-right";
    this.exit = "https://www.wikipedia.org/";
    this.status = "";
    this.memory = new Memory();
    this.draft = "";
  }

  connectedCallback() {
    super.connectedCallback();
    this.place = new Place(this.memory.get("country") || (this.country || "").toUpperCase());
    this.conversation = new Conversation({
      memory: this.memory,
      place: this.place,
      endpoint: (this.endpoint ?? HOME).replace(/\/+$/, ""),
      words: ENGLISH,
      language: "en",
      changed: () => this.requestUpdate(),
      announce: (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true })),
      onGrave: (isGrave) => this.showCard(isGrave),
      putBack: (text) => this.putBack(text),
    });
    this.draft = this.memory.get("draft") || "";
    this.open ||= this.isInline || this.memory.get("open") === true;
    this.pickLanguage(this.memory.get("language")).finally(() => this.conversation.restore());
    this.ends = [
      onThreeShifts(() => this.leave()),
      listen(globalThis, "online", () => {
        prepare(this.server);
        this.conversation.wake();
      }),
      listen(globalThis, "beforeprint", () => this.conversation.card && this.unfold(true)),
      // Phones whose keyboard covers the page instead of shrinking it.
      listen(globalThis.visualViewport, "resize", () => this.fitHeight()),
    ];
    onVoices(() => this.requestUpdate());
    if (this.open) this.whenIdle();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.ends.forEach((end) => end());
    hush();
  }

  /** The bot's address. */
  get server() {
    return this.conversation.host.endpoint;
  }

  whenIdle() {
    (globalThis.requestIdleCallback || setTimeout)(() => prepare(this.server));
  }

  fitHeight() {
    const { height, scale } = globalThis.visualViewport;
    this.style.setProperty("--seen", `${Math.round(height * scale)}px`);
  }

  attributeChangedCallback(name, before, after) {
    super.attributeChangedCallback(name, before, after);
    if (!this.conversation || before === after) return;
    if (name === "language") this.pickLanguage("");
    if (name === "country") this.pickCountry((after || "").toUpperCase());
  }

  // Choices of the reader

  /** Speaks in a language that was chosen here, else that of the attribute, the page or the browser. */
  async pickLanguage(chosen) {
    const page = this.closest("[lang]")?.lang;
    const wanted = languageOf(chosen, this.language, page, navigator.language);
    if (chosen) this.memory.set({ language: chosen });
    const [words, language] = await wordsIn(wanted, this.server);
    Object.assign(this, { words, reads: language });
    Object.assign(this.conversation.host, { words, language });
    this.requestUpdate();
  }

  pickCountry(code) {
    this.memory.set({ country: code });
    this.place.choose(code);
    this.requestUpdate();
  }

  // Opening and closing

  get isInline() {
    return this.position === "inline";
  }

  async show() {
    this.open = true;
    this.memory.set({ open: true });
    this.whenIdle();
    await this.updateComplete;
    this.find(hasKeyboard.matches ? "#message" : "#title")?.focus();
  }

  async hide() {
    this.open = false;
    this.memory.set({ open: false });
    await this.updateComplete;
    this.find("#launcher")?.focus();
  }

  onKey(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    if (this.isOptionsOpen) this.toggleOptions();
    else if (this.conversation.card?.asking) this.askClosing(false);
    else if (!this.isInline) this.hide();
    else return;
    event.stopPropagation();
  }

  async toggleOptions() {
    this.isOptionsOpen = !this.isOptionsOpen;
    this.isDeleting = false;
    await this.updateComplete;
    this.find(this.isOptionsOpen ? "#options select" : "#options-button")?.focus();
  }

  // Talking

  /** Sends a message as if it had been typed; for examples on the page around the widget. */
  ask(text, shown = text, known = "") {
    if (!this.open) this.show();
    const done = this.conversation.ask(String(text), String(shown), known);
    this.updateComplete.then(() => this.follow());
    return done;
  }

  submit() {
    const text = this.find("#message").value;
    if (!text.trim()) return;
    this.write("");
    this.ask(text);
    this.refocus();
  }

  write(text) {
    this.draft = text;
    this.memory.set({ draft: text });
    const box = this.find("#message");
    if (!box) return;
    if (box.value !== text) box.value = text;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  putBack(text) {
    if (!this.find("#message")?.value.trim()) this.write(text);
  }

  refocus() {
    if (hasKeyboard.matches) this.find("#message")?.focus();
  }

  /** Leaves the page: this chat is wiped here and, if the server can be reached, there. */
  leave() {
    const sender = this.memory.get("sender");
    if (sender) forget(this.server, sender);
    this.conversation.wipe();
    this.memory.wipe();
    leaveFor(/^(https?:\/\/|\/)/.test(this.exit) ? this.exit : "about:blank");
  }

  async deleteAll() {
    const sender = this.memory.get("sender");
    const { open, country, language } = this.memory.all;
    hush();
    this.conversation.wipe();
    this.memory.wipe();
    this.memory.set({ open, country, language });
    this.write("");
    this.isOptionsOpen = this.isDeleting = false;
    this.refocus();
    const isGone = !sender || (await forget(this.server, sender));
    this.status = isGone ? this.words.deleted : this.words.delete_failed;
  }

  // The card

  async showCard(isGrave) {
    if (!this.open) this.show();
    await this.updateComplete;
    const card = this.find("#card");
    if (!card) return;
    card.scrollTop = 0;
    // The keyboard of a phone would hide half of the card.
    if (isGrave && !hasKeyboard.matches) this.find("#message")?.blur();
    if (isGrave && getComputedStyle(card).overflowY === "visible") card.scrollIntoView();
    // The alert is on the page before its words are: only then do all screen readers say them.
    requestAnimationFrame(() => {
      this.conversation.spoken = this.conversation.card;
      this.requestUpdate();
    });
  }

  unfold(open) {
    this.conversation.unfold(open);
    this.requestUpdate();
  }

  async askClosing(asking) {
    this.conversation.askClosing(asking);
    await this.updateComplete;
    this.find(asking ? "#keep" : "#close")?.focus();
  }

  closeCard() {
    this.conversation.close();
    this.find("#message")?.focus();
  }

  async reopenCard(entry) {
    this.conversation.reopen(entry);
    await this.updateComplete;
    this.find("#card")?.focus();
  }

  async copyNumber(number) {
    this.status = "";
    const isCopied = await copy(number);
    this.status = isCopied ? fill(this.words.copied, { number }) : number;
  }

  printCard() {
    this.unfold(true);
    this.updateComplete.then(() => print(this));
  }

  saveCard() {
    const { first, steps, lines } = this.conversation.card;
    const calls = lines.map((line) => `${line.number}  ${line.label || ""}`.trim());
    save([first, "", ...calls, "", ...steps.map((step) => step.text)].join("\n"), "baclofen.txt");
  }

  /** Reads a text aloud; once more stops it. */
  read(id, text, language) {
    if (this.reading === id) {
      hush();
      this.reading = "";
      return;
    }
    speak(text, language, () => this.reading === id && (this.reading = ""));
    this.reading = id;
  }

  // Drawing

  find(selector) {
    return this.renderRoot?.querySelector(selector);
  }

  /** Keeps the last question in view, and as much of its answer as fits. */
  follow() {
    const scroller = this.find("#scroll");
    const asked = [...(scroller?.querySelectorAll(".user") || [])].pop();
    if (!asked) return;
    if (getComputedStyle(scroller).overflowY === "visible") {
      this.find("#log").lastElementChild.scrollIntoView({ block: "nearest" });
      return;
    }
    const end = scroller.scrollHeight - scroller.clientHeight;
    if (end > 0) scroller.scrollTop = Math.min(end, asked.offsetTop - 12);
  }

  updated() {
    const { entries, card, trouble, choices, waiting } = this.conversation;
    const state = [entries.length, card?.steps.length, card?.level, trouble?.kind, choices.length, waiting > 0, this.open].join();
    if (state !== this.drawn) this.follow();
    this.drawn = state;
    const box = this.find("#message");
    if (box && box !== this.box && this.draft) this.write(this.draft);
    this.box = box;
    this.dataset.alert = card?.level || "";
  }

  firstUpdated() {
    new ResizeObserver(() => this.follow()).observe(this);
  }

  render() {
    if (!this.words) return nothing;
    if (!this.open && !this.isInline) return launcher(this);
    const parts = html`${top(this)}${scroll(this)}${dock(this)}
      <p class="hidden" role="status">${this.status}</p>`;
    return html`<section
        class="chat"
        id="chat"
        role=${this.isInline ? "region" : "dialog"}
        aria-label=${this.words.title}
        lang=${this.reads}
        dir=${this.getAttribute("dir") || nothing}
        @keydown=${this.onKey}
      >
        ${parts}
      </section>
      ${this.isInline ? nothing : launcher(this)}`;
  }
}

function listen(target, name, callback) {
  target?.addEventListener(name, callback);
  return () => target?.removeEventListener(name, callback);
}
