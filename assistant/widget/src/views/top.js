// The bar with the number, the way out, the options; and the button that opens a floating chat.

import { html, nothing } from "lit";

import { elsewhere } from "../place.js";
import { LANGUAGES, fill } from "../words.js";
import { chatIcon, closeIcon, optionsIcon } from "./icons.js";
import { number, weave } from "./text.js";

export function top(chat) {
  const { words } = chat;
  return html`<header class="top">
      <div class="bar" id="bar"><p id="bar-text">${barText(chat)}</p></div>
      <div class="tools">
        <button type="button" class="exit" id="exit" aria-describedby="exit-hint" @click=${() => chat.leave()}>${words.exit}</button>
        <button type="button" class="tool" id="options-button" aria-label=${words.options} title=${words.options}
          aria-expanded=${chat.isOptionsOpen ? "true" : "false"} aria-controls="options" @click=${() => chat.toggleOptions()}>${optionsIcon}</button>
        ${chat.isInline
          ? nothing
          : html`<button type="button" class="tool" id="hide" aria-label=${words.hide} title=${words.hide} @click=${() => chat.hide()}>${closeIcon}</button>`}
      </div>
      <p class="hidden" id="exit-hint">${words.exit_hint}</p>
    </header>
    <div class="options" id="options" ?hidden=${!chat.isOptionsOpen}>${options(chat)}</div>`;
}

function barText(chat) {
  const { place, words } = chat;
  const named = place.emergency.flatMap((line, i) => {
    const shown = line.isMobile ? weave(words.mobile, "number", number(line)) : number(line);
    return i ? [words.or, shown] : [shown];
  });
  return html`${weave(words.call_bar, "number", named)}
  ${place.chosen === "other" ? words.or_local : nothing}
  ${place.isUnsure ? html`<span class="aside">${weave(words.elsewhere, "number", number(elsewhere))}</span>` : nothing}`;
}

function options(chat) {
  const { words } = chat;
  return html`<p class="field">
      <label for="language">${words.language}</label>
      <select id="language" @change=${(event) => chat.pickLanguage(event.target.value)}>
        ${LANGUAGES.map(([code, name]) => html`<option value=${code} lang=${code} .selected=${code === chat.reads}>${name}</option>`)}
      </select>
    </p>
    ${chat.isDeleting
      ? html`<div class="sure">
          <p id="delete-sure">${words.delete_sure}</p>
          <button type="button" id="delete-no" aria-describedby="delete-sure" @click=${() => setDeleting(chat, false)}>${words.delete_no}</button>
          <button type="button" id="delete-yes" aria-describedby="delete-sure" @click=${() => chat.deleteAll()}>${words.delete_yes}</button>
        </div>`
      : html`<button type="button" id="delete" @click=${() => setDeleting(chat, true)}>${words.delete}</button>`}
    <p class="small"><strong>${words.exit}:</strong> ${words.exit_hint}</p>`;
}

async function setDeleting(chat, isDeleting) {
  chat.isDeleting = isDeleting;
  await chat.updateComplete;
  chat.find(isDeleting ? "#delete-no" : "#delete")?.focus();
}

/** The button that opens a floating chat; red while an emergency stands. */
export function launcher(chat) {
  const { words } = chat;
  const { level } = chat.conversation.card || {};
  const label = level === "emergency" ? fill(words.call_bar, { number: chat.place.first().number }) : words.open;
  return html`<button type="button" class="launcher" id="launcher" lang=${chat.reads} aria-expanded=${chat.open ? "true" : "false"}
    ?hidden=${chat.open} @click=${() => chat.show()}>${chatIcon}<span>${label}</span></button>`;
}
