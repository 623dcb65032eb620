// What was said: the greeting, bubbles, answers with their sources, notes.

import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { countriesIn } from "../place.js";
import { canSpeak } from "../speech.js";
import { fill, longDate } from "../words.js";
import { blocks, callButton } from "./text.js";

const BOOK = /^\/facts\/[a-z_]+\.html#[a-z0-9_]+$/;
const WEB = /^https?:\/\//i;

export function scroll(chat) {
  const { words, conversation } = chat;
  return html`<div class="scroll" id="scroll">
    ${intro(chat)}
    <div class="log" id="log" role="log" aria-live="polite" aria-label=${words.log} tabindex="0">
      ${repeat(conversation.entries, (entry) => entry.id + entry.from, (entry) => drawn(chat, entry))}
    </div>
    <p class="typing" id="typing" role="img" aria-label=${words.typing} ?hidden=${!conversation.waiting || isTold(conversation)}>
      <span></span><span></span><span></span>
    </p>
  </div>`;
}

/** While the widget says that something is wrong, nothing pretends that all is well. */
const isTold = ({ trouble }) => trouble?.kind === "slow";

function intro(chat) {
  const { words, place } = chat;
  return html`<div class="intro">
    <h2 id="title" tabindex="-1">${words.title}</h2>
    <p class="greeting">${chat.greeting || words.intro}</p>
    <p class="note">${words.not_doctor}</p>
    <p class="field where">
      <label for="country">${words.where}</label>
      <select id="country" autocomplete="off" @change=${(event) => chat.pickCountry(event.target.value)}>
        <option value="" .selected=${!place.chosen && !place.country}>${words.where_choose}</option>
        ${countriesIn(chat.reads).map(
          ([code, name]) => html`<option value=${code} .selected=${code === (place.chosen || place.country)}>${name}</option>`,
        )}
        <option value="other" .selected=${place.chosen === "other"}>${words.where_other}</option>
      </select>
    </p>
    <div class="starters" id="starters" role="group" aria-labelledby="starters-title">
      <p id="starters-title">${words.starters}</p>
      ${words.starter_list.map(
        ([say, payload]) => html`<button type="button" @click=${() => (chat.refocus(), chat.ask(payload, say))}>${say}</button>`,
      )}
    </div>
  </div>`;
}

const VIEWS = { user, bot, card: closed };

/** Draws an entry; one that cannot be drawn is left out alone. What the tab remembers may have been changed. */
function drawn(chat, entry) {
  try {
    return VIEWS[entry.from](chat, entry);
  } catch {
    return nothing;
  }
}

function user({ words, reads }, entry) {
  const isOpen = ["waiting", "failed", "refused"].includes(entry.state);
  return html`<div class="bubble user ${isOpen ? "unanswered" : ""}">
    <p dir="auto"><span class="hidden">${words.you_wrote} </span>${entry.shown}</p>
    <p class="foot">${time(entry, reads)}${isOpen ? html` · ${words.unsent}` : nothing}</p>
  </div>`;
}

function bot(chat, entry) {
  const { words } = chat;
  const lines = entry.lines || [];
  const language = entry.language || chat.reads;
  return html`<div class="bubble bot ${entry.note ? `notice ${entry.note}` : ""}" lang=${language}>
    ${entry.note ? html`<p class="notice-title">${words[entry.note]}</p>` : nothing}
    ${blocks(entry.text, lines)}
    ${lines.length ? html`<div class="calls">${lines.map((line) => callButton(chat, line))}</div>` : nothing}
    ${entry.fact ? sources(chat, entry.fact) : nothing}
    <p class="foot" aria-live="off">${time(entry, chat.reads)}${readButton(chat, entry.id, entry.text, language)}</p>
  </div>`;
}

function closed(chat, entry) {
  const { words } = chat;
  return html`<p class="remark">${words.closed} <button type="button" class="link" @click=${() => chat.reopenCard(entry)}>${words.show_again}</button></p>`;
}

const clocks = {};

function time({ at }, language) {
  const when = new Date(at);
  clocks[language] ||= new Intl.DateTimeFormat(language === "en" ? undefined : language, { hour: "2-digit", minute: "2-digit" });
  const shown = clocks[language].format(when);
  return html`<time datetime=${when.toISOString()}>${shown}</time>`;
}

export function readButton(chat, id, text, language) {
  if (!canSpeak(language)) return nothing;
  return html`<button type="button" class="link read" aria-pressed=${chat.reading === id ? "true" : "false"}
    @click=${() => chat.read(id, text, language)}>${chat.words.read}</button>`;
}

function sources(chat, fact) {
  const { words, reads, server } = chat;
  const list = fact.sources;
  const day = (date) => longDate(date, reads);
  const checked = fact.reviewed_on ? fill(words.checked_on, { date: day(fact.reviewed_on) }) : words.not_checked;
  return html`<details class="sources">
    <summary>${list.length === 1 ? words.source_one : fill(words.source_many, { count: list.length })}</summary>
    ${list.length
      ? html`<ul>
          ${list.map(
            (source) => html`<li>${sourceLink(source)}${source.date ? ` (${day(source.date)})` : ""}${source.checked === false ? ` – ${words.unread}` : ""}</li>`,
          )}
        </ul>`
      : nothing}
    <p>${checked}${fact.review_status ? html`: <span lang="en">${fact.review_status}</span>.` : "."}</p>
    ${fact.checked === false ? html`<p>${words.unconfirmed}</p>` : nothing}
    ${BOOK.test(fact.page || "") ? html`<p><a href=${server + fact.page} target="_blank" rel="noopener">${words.fact_book}</a></p>` : nothing}
  </details>`;
}

/** Returns a link to a source, or its bare title when the address is none. */
function sourceLink(source) {
  const title = source.title || source.url || "?";
  if (!WEB.test(source.url || "")) return html`<span>${title}</span>`;
  return html`<a href=${source.url} target="_blank" rel="noopener noreferrer">${title}</a>`;
}
