// Text as the parts show it. Everything goes through text nodes; nothing is parsed as markup.

import { html, nothing } from "lit";

import { fill } from "../words.js";
import { copyIcon, phoneIcon } from "./icons.js";

const MARKED = /^(?:[-•*]|(\d{1,2})[.)])\s+(.*)$/;

/** Returns a pattern with a template in the place of one of its {names}. */
export function weave(pattern, name, what) {
  const [before, after = ""] = pattern.split(`{${name}}`);
  return [before, what, after];
}

export const number = ({ number: digits, uri }) => html`<a class="number" href=${uri}>${digits}</a>`;

/** Returns text in which the numbers of `lines`, and only those, are links. */
export function linkify(text, lines) {
  const byNumber = new Map(lines.map((line) => [String(line.number), line]));
  const numbers = [...byNumber.keys()].sort((a, b) => b.length - a.length);
  if (!numbers.length) return [text];
  const escaped = numbers.map((digits) => digits.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(^|[^\\w+-])(${escaped.join("|")})(?![\\w]|[-.]\\d)`, "g");
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const start = match.index + match[1].length;
    parts.push(text.slice(end, start), number(byNumber.get(match[2])));
    end = start + match[2].length;
  }
  return [...parts, text.slice(end)];
}

/** Returns a text as paragraphs and lists: a line that begins with "-", "•" or "1." is a list item. */
export function blocks(text, lines = []) {
  const parts = [];
  let list = null;
  for (const line of String(text).split("\n").map((part) => part.trim())) {
    const item = MARKED.exec(line);
    if (item) {
      if (!list) parts.push((list = { isNumbered: Boolean(item[1]), items: [] }));
      list.items.push(html`<li>${linkify(item[2], lines)}</li>`);
      continue;
    }
    list = null;
    if (line) parts.push(html`<p dir="auto" class=${line.endsWith(":") ? "lead" : nothing}>${linkify(line, lines)}</p>`);
  }
  return parts.map((part) => {
    if (!part.items) return part;
    return part.isNumbered ? html`<ol>${part.items}</ol>` : html`<ul>${part.items}</ul>`;
  });
}

/** Returns care words as steps: as written where they hold a list, else one line or one sentence a step. */
export function steps(text, lines = []) {
  let parts = String(text).trim().split("\n").filter((line) => line.trim());
  if (parts.length === 1) parts = parts[0].split(/(?<=[.!?])\s+(?=\p{Lu})/u);
  if (parts.length < 2 || parts.some((line) => MARKED.test(line.trim()))) return blocks(text, lines);
  return blocks(parts.map((line) => `- ${line}`).join("\n"), lines);
}

/** Returns a link that calls (or texts) a line, large enough for a shaking thumb, and a button that copies it. */
export function callButton(chat, line) {
  const { words } = chat;
  const verb = line.uri.startsWith("sms:") ? words.text_to : words.call;
  const label = words.labels[line.label] || line.label || "";
  return html`<span class="calling">
    <a class="call call-${line.kind}" href=${line.uri}>
      ${phoneIcon}<span><strong>${fill(verb, line)}</strong> <small>${label}</small></span>
    </a><button type="button" class="copy" aria-label=${fill(words.copy, line)} title=${fill(words.copy, line)}
      @click=${() => chat.copyNumber(line.number)}>${copyIcon}</button>
  </span>`;
}
