// The card of an emergency, a crisis or urgent advice, and the box that says what went wrong.

import { css } from "lit";

export const card = css`
  .card {
    flex: 0 1 auto !important;
    min-height: 8rem;
    overflow: hidden auto;
    overscroll-behavior: contain;
    border: 2px solid var(--edge);
    border-radius: var(--radius);
    background: var(--body);
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.16);
  }
  .card.emergency { --edge: var(--red); --head: var(--red); --head-ink: var(--red-ink); --body: var(--red-body); --call: #ffffff; --call-ink: #8f0e17; }
  .card.crisis { --edge: var(--blue); --head: var(--blue); --head-ink: var(--blue-ink); --body: var(--blue-body); --call: #ffffff; --call-ink: #0c4666; }
  .card.urgent { --edge: var(--amber-edge); --head: var(--amber); --head-ink: var(--amber-ink); --body: var(--amber-body); --call: #362500; --call-ink: #ffffff; }

  .head { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; padding: 6px 18px 16px; background: var(--head); color: var(--head-ink); }
  .head > * { flex: 1 0 100%; min-width: 0; }
  .head h2 { flex: 1 1 0; font-size: 0.9375rem; font-weight: 700; letter-spacing: 0.02em; }
  .first { min-height: 1.3em; font-size: 1.3125rem; font-weight: 700; line-height: 1.3; text-wrap: pretty; }
  .card.urgent .first { font-size: 1.125rem; font-weight: 600; }
  .first .number, .because { color: inherit; }
  .because { font-size: 0.9375rem; }

  .calling { display: inline-flex; max-width: 100%; }
  .call {
    display: inline-flex;
    flex: 1;
    align-items: center;
    gap: 10px;
    min-width: 0;
    min-height: 52px;
    padding: 6px 14px;
    border: 1px solid var(--control);
    border-inline-end: 0;
    border-start-start-radius: 12px;
    border-end-start-radius: 12px;
    background: var(--call, var(--surface));
    color: var(--call-ink, var(--link));
    line-height: 1.2;
    text-decoration: none;
  }
  .copy {
    flex: none;
    display: grid;
    place-items: center;
    width: 46px;
    padding: 0;
    border: 1px solid var(--control);
    border-inline-start: 1px solid color-mix(in srgb, currentColor 25%, transparent);
    border-start-end-radius: 12px;
    border-end-end-radius: 12px;
    background: var(--call, var(--surface));
    color: var(--call-ink, var(--link));
  }
  .head .call { border-color: transparent; }
  .head .copy { border-color: transparent; border-inline-start-color: color-mix(in srgb, currentColor 25%, transparent); }
  .head .calling :focus-visible { outline-color: var(--call-ink); outline-offset: -4px; }
  .call strong { display: block; font-size: 1.125rem; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px; }
  .call small { font-size: 0.875rem; }
  .call:hover strong { text-decoration-thickness: 2px; }
  .card.emergency .call-emergency strong { font-size: 1.375rem; }
  @media (max-width: 30rem) {
    .head .calling, .trouble .calling { flex: 1 1 100%; }
    .head { gap: 8px 10px; }
    .first { font-size: 1.1875rem; }
    .call { padding-inline: 12px; }
    .call strong { font-size: 1rem; }
    .copy { width: 44px; }
  }

  .more { padding: 4px 18px; }
  .more summary { min-height: 44px; padding: 10px 0; font-weight: 700; cursor: pointer; }
  .steps { gap: 10px; padding-bottom: 4px; }
  .part { gap: 10px; }
  .steps li { padding-inline-start: 2px; }
  .keep { display: flex; flex-wrap: wrap; gap: 4px; margin-inline-start: -8px; }

  .head .closing { flex: none; display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
  .head .closing.asking { flex: 1 0 100%; padding-bottom: 4px; }
  .closing p { flex: 1 1 12rem; }
  .closing button { min-height: 44px; padding: 0 8px; border: 0; background: none; color: inherit; font-weight: 600; font-size: 0.9375rem; text-decoration: underline; text-underline-offset: 3px; }
  .closing button:only-child { margin-inline-end: -8px; }
  .closing p ~ button { padding: 0 14px; border: 1px solid currentColor; border-radius: 12px; text-decoration: none; }

  .trouble { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; padding: 14px 18px; border: 2px solid var(--amber-edge); border-radius: var(--radius); background: var(--amber-body); }
  .trouble:not(:has(*)) { display: none; }
  /* Beside a card it keeps to what is new: the card has the numbers. */
  .card:not([hidden]) + .trouble { grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: 2px 12px; padding: 8px 14px; }
  .card:not([hidden]) + .trouble .small { grid-row: 2; grid-column: 1 / -1; font-size: 0.875rem; line-height: 1.35; }
  .trouble-title { font-weight: 700; }
  .trouble button:not(.copy) { border-radius: 12px; min-height: 52px; }
  .card:not([hidden]) + .trouble button { min-height: 44px; }
`;
