// One reply of the bot: decides which text belongs on the card and which in the conversation.

const RANK = { none: 0, awareness: 1, urgent: 2, crisis: 3, emergency: 4 };
export const LEVELS = Object.keys(RANK);
export const isGrave = (level) => RANK[level] >= RANK.crisis;
export const isCard = (level) => RANK[level] >= RANK.urgent;
export const isGraver = (level, other) => (RANK[level] || 0) > (RANK[other] || 0);

/**
 * The text and the `custom` part of one reply may come as two messages, the text first. So a text waits this many
 * milliseconds for the part that says where it belongs.
 */
const HOLD = 250;

export class Turn {
  /**
   * @param {object} view
   *   alert(triage, text): show message 1; addStep(text) and say(text, fact): return what was added;
   *   takeBack(added); addFact(added, fact); offer(buttons)
   */
  constructor(view) {
    this.view = view;
    this.held = null;
    this.last = null;
    this.isGrave = false;
    this.level = "none";
  }

  /** Takes a message in the shape of shape.js. */
  take({ text, triage, fact, buttons }) {
    if (text) {
      this.flush();
      this.held = text;
      this.timer = setTimeout(() => this.flush(), HOLD);
    }
    if (triage) this.#triage(triage);
    if (fact) this.#fact(fact);
    if (buttons.length) this.view.offer(buttons);
  }

  /** Shows a text that is still held. */
  flush() {
    clearTimeout(this.timer);
    if (this.held === null) return;
    const text = this.held;
    this.held = null;
    const onCard = this.isGrave;
    this.last = { text, onCard, added: onCard ? this.view.addStep(text) : this.view.say(text) };
  }

  #triage(triage) {
    const text = this.#claim();
    this.isGrave = isGrave(triage.level);
    this.level = triage.level;
    this.view.alert(triage, text);
  }

  #fact(fact) {
    if (this.held === null && this.last && !this.last.onCard) this.view.addFact(this.last.added, fact);
    else this.view.say(this.#claim(), fact);
    this.last = null;
  }

  /** Returns the text that a `custom` part belongs to, taken back if it was shown too early. */
  #claim() {
    clearTimeout(this.timer);
    const text = this.held ?? this.last?.text ?? "";
    if (this.held === null && this.last) this.view.takeBack(this.last.added);
    this.held = null;
    this.last = null;
    return text;
  }
}
