// The frame: where the widget stands, the bar, the options, the composer.

import { css } from "lit";

export const frame = css`
  *, ::before, ::after { box-sizing: border-box; }
  [hidden] { display: none !important; }

  :host {
    display: block;
    position: fixed;
    z-index: var(--baclofen-z, 2147483000);
    inset-block-end: 16px;
    inset-inline-end: 16px;
  }
  :host([hidden]) { display: none; }
  :host([position="bottom-left"]) { inset-inline: 16px auto; }
  :host([position="inline"]) { position: relative; z-index: auto; inset: auto; height: var(--baclofen-height, min(46rem, 100svh)); }

  /* What would be inherited from the page is set anew. */
  .chat, .launcher {
    color: var(--ink);
    font: 1.0625rem/1.5 var(--baclofen-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif);
    text-align: start;
    text-indent: 0;
    text-shadow: none;
    text-transform: none;
    letter-spacing: normal;
    word-spacing: normal;
    white-space: normal;
    overflow-wrap: anywhere;
    cursor: auto;
    visibility: visible;
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
  }

  .chat {
    display: flex;
    flex-direction: column;
    width: min(var(--baclofen-width, 26rem), 100vw - 32px);
    height: min(var(--baclofen-height, 46rem), 100dvh - 32px);
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--page);
    box-shadow: 0 12px 40px rgb(10 30 35 / 0.22);
  }
  :host([position="inline"]) .chat { width: auto; height: 100%; box-shadow: none; }

  p, ul, ol, h2 { margin: 0; }
  a { color: var(--link); }
  button, select, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
  button { cursor: pointer; }
  :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .number { white-space: nowrap; }
  .icon { flex: none; }
  .small { color: var(--soft); font-size: 0.9375rem; }

  .launcher {
    display: inline-flex;
    align-items: center;
    gap: 10px;
    min-height: 56px;
    padding: 10px 22px 10px 18px;
    border: 1px solid transparent;
    border-radius: 28px;
    background: var(--accent);
    color: var(--accent-ink);
    font-weight: 700;
    box-shadow: 0 6px 24px rgb(10 30 35 / 0.28);
    cursor: pointer;
  }
  .launcher:focus-visible { outline-offset: 3px; }
  :host([data-alert="emergency"]) .launcher { background: var(--red); color: var(--red-ink); }

  /* The bar: always there. */

  .top {
    flex: none;
    position: sticky;
    z-index: 2;
    top: 0;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 2px 8px;
    padding: 4px 8px 4px 16px;
    background: var(--bar);
    color: var(--bar-ink);
  }
  .bar { flex: 1 1 0; min-width: 8.5rem; padding-block: 6px; font-size: 0.9375rem; line-height: 1.25; }
  .bar .number {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    min-width: 44px;
    min-height: 44px;
    margin-block: -9px;
    padding: 0 4px;
    color: inherit;
    font-weight: 700;
    font-size: 1.25rem;
  }
  .bar .aside { display: inline-block; font-size: 0.9375em; }
  .top :focus-visible, .head :focus-visible { outline-color: currentColor; outline-offset: -2px; }
  :host([data-alert="emergency"]) .top { background: var(--red); color: var(--red-ink); }
  .tools { display: flex; align-items: center; gap: 2px; margin-inline-start: auto; }
  .exit {
    min-height: 44px;
    padding: 0 12px;
    border: 1px solid currentColor;
    border-radius: 22px;
    background: none;
    font-size: 0.9375rem;
    font-weight: 600;
    white-space: nowrap;
  }
  .tool { display: inline-grid; place-items: center; width: 44px; height: 44px; padding: 0; border: 0; border-radius: 22px; background: none; }
  .exit:hover, .tool:hover { background: rgb(255 255 255 / 0.14); }

  .options { flex: none; display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; max-height: 60%; padding: 14px var(--gap); overflow: auto; border-bottom: 1px solid var(--line); background: var(--surface); }
  .options button {
    justify-self: start;
    min-height: 44px;
    padding: 8px 16px;
    border: 1px solid var(--control);
    border-radius: 12px;
    background: var(--surface);
    font-weight: 600;
  }
  .options button:hover { border-color: var(--ink); }
  .sure { display: flex; flex-wrap: wrap; gap: 8px; }
  .sure p { flex: 1 0 100%; }
  .field { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; }
  .field label { font-weight: 600; }
  select {
    flex: 0 1 auto;
    min-width: 0;
    max-width: 100%;
    min-height: 44px;
    padding: 0 12px;
    border: 1px solid var(--control);
    border-radius: 10px;
    background: var(--surface);
    text-overflow: ellipsis;
  }

  /* Below the conversation: the card, trouble, quick replies, the box. */

  .dock { flex: 0 1 auto; display: flex; flex-direction: column; gap: 10px; min-height: 0; overflow: hidden auto; padding: 10px var(--gap) calc(12px + env(safe-area-inset-bottom)); }
  .dock > * { flex: none; }
  .choices, .calls { display: flex; flex-wrap: wrap; gap: 8px; }
  .choices button, .starters button, .trouble button:not(.copy) {
    min-height: 44px;
    padding: 8px 16px;
    border: 1px solid var(--control);
    border-radius: 22px;
    background: var(--surface);
    color: var(--accent);
    font-weight: 600;
    line-height: 1.3;
    text-align: start;
  }
  .choices button:hover, .starters button:hover, .trouble button:not(.copy):hover { border-color: var(--accent); background: var(--mine); color: var(--mine-ink); }

  .composer { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
  .overdose {
    min-height: 44px;
    padding: 8px 16px;
    border: 2px solid var(--warn);
    border-radius: 12px;
    background: var(--surface);
    font-weight: 700;
  }
  .overdose:hover { background: var(--red); color: var(--red-ink); }
  :host([data-alert="emergency"]) .overdose { display: none; }
  .row { display: flex; align-items: flex-end; gap: 8px; }
  textarea {
    flex: 1;
    min-width: 0;
    min-height: 50px;
    max-height: 9rem;
    margin: 0;
    padding: 11px 14px;
    border: 1px solid var(--control);
    border-radius: 12px;
    background: var(--surface);
    line-height: 1.5;
    resize: none;
  }
  textarea::placeholder { color: var(--soft); opacity: 1; }
  textarea:focus-visible { outline-offset: -1px; }
  .send { min-height: 50px; padding: 0 20px; border: 1px solid transparent; border-radius: 12px; background: var(--accent); color: var(--accent-ink); font-weight: 700; }
  .send:hover { filter: brightness(1.08); }
  .keys { color: var(--soft); font-size: 0.8125rem; text-align: center; }
`;
