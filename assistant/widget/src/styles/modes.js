// Small screens, high zoom, reduced motion, forced colours, print.

import { css } from "lit";

export const modes = css`
  @media (pointer: coarse), (max-width: 30rem) { .keys { position: absolute; clip-path: inset(50%); } }

  /* A floating chat takes the whole of a phone. */
  @media (max-width: 30rem), (max-height: 26rem) {
    :host([open]:not([position="inline"])) { inset: 0; }
    :host([open]:not([position="inline"])) .chat { width: 100%; height: var(--seen, 100dvh); border: 0; border-radius: 0; }
  }

  @media (max-width: 30rem) {
    :host([data-alert="urgent"]) .scroll { min-height: 6.5rem; }
    .top { gap: 2px 4px; padding-inline: 12px 2px; }
    .tools { gap: 0; }
    .exit { padding: 0 10px; font-size: 0.875rem; }
  }

  @media (max-width: 24rem) {
    .head, .more { padding-inline: 14px; }
    .call { gap: 8px; padding-inline: 10px; }
    .scroll, .dock { padding-inline: 12px; }
  }

  /* Little height (400 % zoom, a phone on its side): everything scrolls as a whole, only the bar stays. */
  @media (max-height: 26rem) {
    :host([position="inline"]) { height: auto; }
    .chat { overflow: visible; }
    :host([open]:not([position="inline"])) .chat { overflow: hidden auto; }
    .scroll, .dock { flex: none; min-height: 0 !important; overflow: visible; mask: none; }
    .scroll, .card, .options { overflow: visible; max-height: none; }
    .head { border-radius: 14px 14px 0 0; }
    .card, .log > *, .trouble { scroll-margin-top: 64px; }
  }

  @media (prefers-reduced-motion: reduce) { .typing span { animation: none; opacity: 0.6; } }

  @media (forced-colors: active) {
    .chat, .card, .bubble, .call, .copy, .overdose, .send, .launcher, .trouble { border: 2px solid ButtonText !important; }
    .top { border-bottom: 2px solid CanvasText; }
    .typing span { background: CanvasText; }
    .link[aria-pressed="true"] { outline: 2px solid Highlight; }
  }

  @media print {
    :host {
      color-scheme: light;
      --page: #fff; --surface: #fff; --mine: #fff; --red-body: #fff; --blue-body: #fff; --amber-body: #fff;
      --ink: #000; --soft: #333; --mine-ink: #000; --link: #000; --line: #888;
      position: static !important;
      height: auto !important;
    }
    .chat, .scroll, .dock { mask: none; display: block; width: auto; height: auto; max-height: none; overflow: visible; border: 0; box-shadow: none; }
    .card { max-height: none; margin-top: 16px; overflow: visible; box-shadow: none; }
    .intro, .tools, .options, .typing, .composer, .choices, .closing, .trouble, .remark, .keep, .copy, .launcher, .read { display: none !important; }
    .top, .head { position: static; background: #fff !important; color: #000 !important; }
    .top { border: 2px solid #000; }
    .bubble { max-width: none; margin: 10px 0; break-inside: avoid; }
    .call { border: 1px solid #000 !important; background: #fff; color: #000; }
    .sources a::after { content: " " attr(href); font-size: 0.8em; }
  }
  :host([data-baclofen-print]) .scroll { display: none; }
`;
