// Small helpers that build the page. Everything shown goes through text nodes; nothing is parsed as HTML.

const CALLABLE = /^(tel|sms):\+?[0-9*#]{2,20}$/;
const MARKED = /^(?:[-•*]|(\d{1,2})[.)])\s+(.*)$/;
const WEB = /^https?:\/\//i;

/** Returns an element with properties or attributes, and children (strings become text nodes). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "onclick") node.addEventListener("click", value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export const button = (label, onclick, className) => el("button", { type: "button", class: className, onclick }, label);

/** Returns the lines of a reply's `call` that can be dialled or texted; anything else is left out. */
export function callable(call) {
  if (!Array.isArray(call)) return [];
  return call.filter((line) => line && line.number && CALLABLE.test(line.uri));
}

/** Returns a link that calls (or texts) a line, large enough for a shaking thumb. */
export function callButton(line) {
  const icon = document.getElementById("phone").content.cloneNode(true);
  const verb = line.uri.startsWith("sms:") ? "Text" : "Call";
  return el(
    "a",
    { class: `call call-${line.kind}`, href: line.uri },
    icon,
    el("span", {}, el("strong", {}, `${verb} ${line.number}`), " ", el("small", {}, line.label || "")),
  );
}

/** Returns text as nodes in which the numbers of `lines`, and only those, are links. */
export function linkify(text, lines) {
  const byNumber = new Map(lines.map((line) => [String(line.number), line.uri]));
  const numbers = [...byNumber.keys()].sort((a, b) => b.length - a.length);
  if (!numbers.length) return [text];
  const escaped = numbers.map((number) => number.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(^|[^\\w+-])(${escaped.join("|")})(?![\\w]|[-.]\\d)`, "g");
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const start = match.index + match[1].length;
    nodes.push(text.slice(end, start), el("a", { class: "number", href: byNumber.get(match[2]) }, match[2]));
    end = start + match[2].length;
  }
  return [...nodes, text.slice(end)].filter((node) => node !== "");
}

/** Returns a text as paragraphs and lists: a line that begins with "-", "•" or "1." is a list item. */
export function blocks(text, lines = []) {
  const nodes = [];
  let list = null;
  for (const line of String(text).split("\n").map((part) => part.trim())) {
    const item = MARKED.exec(line);
    if (!item) {
      list = null;
      if (line) nodes.push(el("p", { class: line.endsWith(":") ? "lead" : null }, ...linkify(line, lines)));
      continue;
    }
    if (!list) nodes.push((list = el(item[1] ? "ol" : "ul")));
    list.append(el("li", {}, ...linkify(item[2], lines)));
  }
  return nodes;
}

/** Returns care words as steps: as written where they hold a list, else one line or one sentence a step. */
export function steps(text, lines = []) {
  let parts = String(text).trim().split("\n").filter((line) => line.trim());
  if (parts.length === 1) parts = parts[0].split(/(?<=[.!?])\s+(?=\p{Lu})/u);
  if (parts.length < 2 || parts.some((line) => MARKED.test(line.trim()))) return blocks(text, lines);
  return blocks(parts.map((line) => `- ${line}`).join("\n"), lines);
}

/** Returns a link to a source, or its bare title when the address is none. */
export function sourceLink(source) {
  const title = source.title || source.url || "Source";
  if (!WEB.test(source.url || "")) return el("span", {}, title);
  return el("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, title);
}

/** Returns "22 November 2026" for "2026-11-22"; other dates stay as they are. */
export function longDate(date) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date || "");
  if (!match) return date || "";
  const day = new Date(Date.UTC(+match[1], +match[2] - 1, +match[3]));
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}
