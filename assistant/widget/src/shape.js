// What a server sends, in the shapes that the widget knows. Whatever has another shape is left out, so that nothing odd
// can keep the widget from being drawn.

import { LEVELS } from "./turn.js";

const CALLABLE = /^(tel|sms):\+?[0-9*#]{2,20}$/;
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]+)*$/i;
const LONGEST_LABEL = 120;

const said = (value) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const objects = (value) => (Array.isArray(value) ? value.filter((one) => one && typeof one === "object") : []);

/** Returns `{text, triage, fact, buttons}` of a message; parts that it does not have are empty or null. */
export function shaped(message) {
  const { triage, fact } = message.custom || {};
  return {
    text: said(message.text),
    triage: triage && typeof triage === "object" ? alarm(triage) : null,
    fact: fact && typeof fact === "object" ? answer(fact) : null,
    buttons: objects(message.buttons)
      .map(({ title, payload }) => ({ title: said(title), payload: said(payload) || said(title) }))
      .filter(({ title }) => title),
  };
}

/** A level that nobody knows is shown as a note: it was meant to be heeded. */
const alarm = ({ level, country, language, signs, call }) => ({
  level: level !== "none" && LEVELS.includes(level) ? level : "awareness",
  country: said(country),
  language: LANGUAGE.test(said(language)) ? language : "",
  words: objects(signs).map(({ words }) => said(words).trim()),
  call: objects(call)
    .map(({ kind, label, number, uri }) => ({ kind: said(kind), label: said(label).slice(0, LONGEST_LABEL), number: said(number), uri: said(uri) }))
    .filter(({ number, uri }) => number && CALLABLE.test(uri)),
});

const answer = ({ id, sources, page, reviewed_on: reviewed, review_status: status, checked }) => ({
  id: said(id),
  sources: objects(sources).map(({ title, url, date, checked: isRead }) => ({ title: said(title), url: said(url), date: said(date), checked: isRead })),
  page: said(page),
  reviewed_on: said(reviewed),
  review_status: said(status),
  checked,
});
