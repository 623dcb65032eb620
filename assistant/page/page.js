// Wires the page: what is typed or tapped goes to the bot, what comes back goes to the card or the conversation.

import { Card } from "./card.js";
import { Trouble, send } from "./client.js";
import { button, callButton, el } from "./dom.js";
import { Place } from "./place.js";
import { sender } from "./session.js";
import { Transcript } from "./transcript.js";
import { Turn, isGrave } from "./turn.js";

const TROUBLES = {
  offline: "You are offline.",
  down: "The chat cannot be reached right now.",
  slow: "There is no answer yet.",
  broken: "The answer could not be read.",
  cut: "The connection broke off, so the answer may be incomplete.",
  refused: "The chat could not take this message.",
  413: "This message is too long for the chat. Please shorten it.",
};

const $ = (id) => document.getElementById(id);
const input = $("message");
const hasKeyboard = matchMedia("(pointer: fine)");

const transcript = new Transcript($("log"), $("scroll"));
const place = new Place($("country"), $("bar-text"));
const card = new Card($("card"), { onChange: cardChanged, onClosed: cardClosed });
let waiting = 0;

const view = {
  say: (text) => transcript.bot(text),
  sayFact: (text, fact) => transcript.fact(text, fact),
  addSources: (node, fact) => transcript.addSources(node, fact),
  addSteps: (text) => card.addSteps(text),
  offer,
  alert(triage, text) {
    place.told(triage);
    const isCard = triage.level === "urgent" || isGrave(triage.level);
    if (!isCard || card.isOutranking(triage.level)) {
      transcript.note(triage, text);
      return;
    }
    card.show(triage, text);
    // The keyboard of a phone would hide half of the card.
    if (isGrave(triage.level) && !hasKeyboard.matches) input.blur();
  },
};

function cardChanged() {
  document.body.dataset.alert = $("card").hidden ? "" : card.level;
  transcript.follow();
}

function cardClosed(reopen, level) {
  const name = level === "emergency" ? "The emergency help is closed." : "The help is closed.";
  transcript.remark(name, "Show it again", reopen);
  input.focus();
}

/** Sends a text; `shown` is what the user sees as said. */
async function ask(text, shown = text) {
  if (!text.trim()) return;
  settle();
  card.fold();
  offer([]);
  const question = { text, shown, bubble: transcript.user(shown), stop: new AbortController() };
  const turn = new Turn(view);
  let isSlow = false;
  const take = (message) => {
    if (isSlow) late(question);
    isSlow = false;
    turn.take(message);
  };
  const slow = () => {
    isSlow = true;
    failed(new Trouble("slow"), question);
  };
  wait(1);
  try {
    await send({ sender: sender(), message: text, metadata: place.metadata() }, take, slow, question.stop);
    turn.flush();
  } catch (error) {
    turn.flush();
    if (!isSlow) failed(error instanceof Trouble ? error : new Trouble("broken"), question);
  } finally {
    wait(-1);
  }
}

/** Takes back what was said about a slow answer: it has come after all. */
function late({ shown, bubble }) {
  settle();
  bubble.classList.remove("unanswered");
  if (input.value === shown) clear();
}

/** Says what went wrong and whom to call, puts the message back into the box and offers another try. */
function failed(trouble, { text, shown, bubble, stop }) {
  const first = { ...place.first(), kind: "emergency", label: "Emergency" };
  if (!input.value.trim() && trouble.kind !== "cut") {
    input.value = shown;
    fit();
  }
  bubble.classList.add("unanswered");
  const retry = button("Try again", () => {
    if (input.value === shown) clear();
    stop.abort();
    bubble.remove();
    refocus();
    ask(text, shown);
  });
  $("typing").hidden = true;
  const isTold = trouble.kind === "refused" && trouble.status !== 413 && trouble.text;
  $("trouble").replaceChildren(
    el("p", { class: "trouble-title" }, TROUBLES[trouble.status] || TROUBLES[trouble.kind]),
    el("p", {}, isTold || "If someone may be in danger, do not wait for this chat: call for help now."),
    el("div", { class: "calls" }, callButton(first), retry),
    trouble.kind === "cut" ? null : el("p", { class: "small" }, "Your message is still in the box."),
  );
  transcript.follow();
}

/** Takes the last trouble away. */
function settle() {
  $("trouble").replaceChildren();
}

function wait(change) {
  waiting += change;
  $("typing").hidden = waiting === 0;
  transcript.follow();
}

/** Shows quick replies; the title is shown as said, the payload is sent. */
function offer(buttons) {
  const said = buttons.filter((reply) => reply && reply.title);
  $("choices").replaceChildren(
    ...said.map((reply) =>
      button(String(reply.title), () => {
        refocus();
        ask(String(reply.payload || reply.title), String(reply.title));
      }),
    ),
  );
  $("choices").hidden = !said.length;
  transcript.follow();
}

function refocus() {
  if (hasKeyboard.matches) input.focus();
}

function clear() {
  input.value = "";
  fit();
}

/** Lets the box grow with what is typed. */
function fit() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

function submit() {
  const text = input.value;
  if (!text.trim()) return;
  clear();
  ask(text);
  refocus();
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
input.addEventListener("input", fit);
input.addEventListener("keydown", (event) => {
  // keyCode 229: an input method is still composing, in browsers that do not say so otherwise.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
$("overdose").addEventListener("click", (event) => {
  ask(event.currentTarget.textContent.trim());
  refocus();
});
for (const starter of $("starters").querySelectorAll("button")) {
  starter.addEventListener("click", () => {
    ask(starter.textContent.trim());
    refocus();
  });
}
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  input.focus();
});
addEventListener("online", settle);
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => (part.open = true)));
// Phones whose keyboard covers the page instead of shrinking it.
window.visualViewport?.addEventListener("resize", () => {
  document.documentElement.style.setProperty("--height", `${Math.round(window.visualViewport.height * window.visualViewport.scale)}px`);
});

for (const id of ["where", "starters", "dock"]) $(id).hidden = false;
