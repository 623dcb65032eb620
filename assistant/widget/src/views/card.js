// The card: what to do now, whom to call, why, and the steps while waiting. It stays until it is closed.

import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";

import { fill } from "../words.js";
import { readButton } from "./log.js";
import { callButton, linkify, steps } from "./text.js";

export function card(chat) {
  const { card: what } = chat.conversation;
  if (!what) return html`<section class="card" id="card" hidden></section>`;
  return html`<section class="card ${what.level}" id="card" aria-labelledby="card-title" tabindex="-1" lang=${what.language || chat.reads}>
    ${keyed(what.of + what.level + Boolean(what.isDevice), content(chat, what))}
  </section>`;
}

function content(chat, what) {
  const { words, conversation } = chat;
  const isShown = !what.isNew || conversation.spoken === what;
  const first = html`<p>${linkify(what.first, what.lines)}</p>`;
  return html`<div class="head">
      <h2 id="card-title">${words[what.level]}</h2>
      ${closing(chat, what)}
      <div class="first" role=${what.isNew ? "alert" : nothing}>${isShown ? first : nothing}</div>
      ${what.lines.length ? html`<div class="calls">${what.lines.map((line) => callButton(chat, line))}</div>` : nothing}
      ${what.quotes?.length ? html`<p class="because">${fill(words.because, { words: what.quotes.map((quote) => `“${quote}”`).join(", ") })}</p>` : nothing}
    </div>
    <details class="more" ?hidden=${!what.steps.length} .open=${what.open} @toggle=${(event) => conversation.unfold(event.target.open)}>
      <summary>${words.next}</summary>
      <div class="steps" aria-live="polite">${what.steps.map((step) => html`<div class="part">${steps(step.text, what.lines)}</div>`)}</div>
      ${what.isDevice && conversation.trouble ? html`<p class="small">${words.by_device}</p>` : nothing}
      <div class="keep">
        ${readButton(chat, "card", [what.first, ...what.steps.map((step) => step.text)].join("\n"), what.language || chat.reads)}
        <button type="button" class="link" @click=${() => chat.printCard()}>${words.print}</button>
        <button type="button" class="link" @click=${() => chat.saveCard()}>${words.save}</button>
      </div>
    </details>
    ${what.earlier?.length
      ? html`<details class="more"><summary>${words.before}</summary>${what.earlier.map((step) => steps(step.text, what.lines))}</details>`
      : nothing}`;
}

function closing(chat, what) {
  const { words } = chat;
  if (!what.asking) {
    return html`<div class="closing"><button type="button" id="close" @click=${() => chat.askClosing(true)}>${words.close}</button></div>`;
  }
  return html`<div class="closing asking">
    <p id="sure">${words.close_sure}</p>
    <button type="button" id="keep" aria-describedby="sure" @click=${() => chat.askClosing(false)}>${words.close_no}</button>
    <button type="button" aria-describedby="sure" @click=${() => chat.closeCard()}>${words.close_yes}</button>
  </div>`;
}
