// Below the conversation: the card, trouble, quick replies, the box.

import { html, nothing } from "lit";

import { card } from "./card.js";
import { callButton } from "./text.js";

export function dock(chat) {
  const { words } = chat;
  const { choices } = chat.conversation;
  return html`<div class="dock" id="dock">
    ${card(chat)}
    <div class="trouble" id="trouble" role="alert">${trouble(chat)}</div>
    <div class="choices" id="choices" role="group" aria-label=${words.choices} ?hidden=${!choices.length}>
      ${choices.map((reply) => html`<button type="button" @click=${() => choose(chat, reply)}>${reply.title}</button>`)}
    </div>
    <form class="composer" id="composer" autocomplete="off" @submit=${(event) => (event.preventDefault(), chat.submit())}>
      <button type="button" class="overdose" id="overdose" @click=${() => chat.ask(words.overdose_says, words.overdose, "emergency")}>
        ${words.overdose}
      </button>
      <div class="row">
        <label class="hidden" for="message">${words.message}</label>
        <textarea id="message" rows="1" dir="auto" placeholder=${words.placeholder} enterkeyhint="send" autocapitalize="sentences"
          aria-describedby="keys" @input=${(event) => chat.write(event.target.value)} @keydown=${(event) => onKey(chat, event)}></textarea>
        <button type="submit" class="send" id="send">${words.send}</button>
      </div>
      <p class="keys" id="keys">${words.keys}</p>
    </form>
  </div>`;
}

function choose(chat, reply) {
  chat.refocus();
  chat.ask(reply.payload, reply.title);
}

function onKey(chat, event) {
  // keyCode 229: an input method is still composing, in browsers that do not say so otherwise.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  chat.submit();
}

/** Says what went wrong and whom to call, and offers another try. */
function trouble(chat) {
  const { words, place, conversation } = chat;
  const { trouble: what, card: standing } = conversation;
  if (!what) return nothing;
  const isLong = what.status === 413;
  const title = isLong ? words.too_long : TITLES.includes(what.kind) ? words[what.kind] : words.broken;
  const kept = isLong ? words.in_box : what.kind === "cut" ? "" : words.kept;
  return html`<p class="trouble-title">${title}</p>
    ${standing ? nothing : html`<p>${what.text || words.call_for_help}</p>`}
    <div class="calls">
      ${standing ? nothing : callButton(chat, place.first())}
      ${isLong ? nothing : html`<button type="button" @click=${() => (chat.refocus(), conversation.again())}>${words.try_again}</button>`}
    </div>
    ${kept ? html`<p class="small">${kept}</p>` : nothing}`;
}

const TITLES = ["offline", "down", "slow", "broken", "cut", "refused"];
