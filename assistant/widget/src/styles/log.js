// The conversation.

import { css } from "lit";

export const log = css`
  .scroll { flex: 1; position: relative; display: flex; flex-direction: column; min-height: 5rem; padding: 20px var(--gap); overflow: hidden auto; overscroll-behavior: contain; mask-image: linear-gradient(#000 calc(100% - 16px), transparent); }
  :host([data-alert="urgent"]) .scroll { min-height: 28%; }
  .intro, .bubble, .part, .steps { display: grid; grid-template-columns: minmax(0, 1fr); }
  .intro { gap: 12px; }
  h2 { font-size: 1.375rem; line-height: 1.2; letter-spacing: -0.01em; text-wrap: balance; }
  #title { border-radius: 4px; }
  .greeting { text-wrap: pretty; }
  .note { color: var(--soft); font-size: 0.9375rem; text-wrap: pretty; }
  .starters { display: flex; flex-wrap: wrap; gap: 8px; }
  .starters p { flex-basis: 100%; color: var(--soft); }

  .log { display: flex; flex-direction: column; gap: 10px; margin-top: 20px; border-radius: 8px; }
  .bubble { gap: 8px; max-width: min(90%, 36rem); padding: 12px 16px 8px; border-radius: var(--radius); unicode-bidi: isolate; }
  .bubble.user { align-self: flex-end; margin-top: 8px; border-end-end-radius: 4px; background: var(--mine); color: var(--mine-ink); white-space: pre-wrap; }
  .bubble.unanswered { border: 1px dashed var(--control); background: none; color: var(--soft); }
  .bubble.bot { align-self: flex-start; border: 1px solid var(--line); border-end-start-radius: 4px; background: var(--surface); }
  .bubble ul, .bubble ol, .steps ul, .steps ol { display: grid; gap: 6px; padding-inline-start: 1.375em; }
  .lead { font-weight: 700; }
  .foot { display: flex; flex-wrap: wrap; align-items: center; gap: 0 10px; color: var(--soft); font-size: 0.8125rem; white-space: normal; }
  .user .foot { color: inherit; justify-content: flex-end; }
  .foot .link { margin-inline-end: -8px; font-size: 0.875rem; }

  .bubble.notice { border-inline-start: 5px solid var(--accent); }
  .notice.urgent { border-inline-start-color: var(--amber-edge); }
  .notice.crisis { border-inline-start-color: var(--blue); }
  .notice.emergency { border-inline-start-color: var(--warn); }
  .notice-title { font-size: 0.875rem; font-weight: 700; color: var(--soft); }

  .sources { color: var(--soft); font-size: 0.9375rem; }
  .sources summary { width: fit-content; min-height: 44px; padding: 10px 2px; cursor: pointer; text-decoration: underline dotted; text-underline-offset: 4px; }
  .sources ul { padding-inline-start: 1.25em; }
  .sources li { padding: 3px 0; }
  .sources p { margin-top: 8px; }

  .remark { align-self: center; padding: 4px 8px; color: var(--soft); font-size: 0.9375rem; text-align: center; }
  .link { min-width: 44px; min-height: 44px; padding: 0 8px; border: 0; border-radius: 8px; background: none; color: var(--link); font-weight: 600; text-decoration: underline; text-underline-offset: 3px; }
  .link[aria-pressed="true"] { background: var(--mine); color: var(--mine-ink); }

  .typing { display: flex; gap: 6px; width: fit-content; margin-top: 10px; padding: 14px 16px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
  .typing span { width: 8px; height: 8px; border-radius: 50%; background: var(--soft); animation: breathe 1.4s ease-in-out infinite; }
  .typing span:nth-child(2) { animation-delay: 0.2s; }
  .typing span:nth-child(3) { animation-delay: 0.4s; }
  @keyframes breathe { 0%, 100% { opacity: 0.25; } 50% { opacity: 1; } }
`;
