// Colours and sizes. Calm by default; colour is kept for what matters: red emergency, blue support, amber advice.
// A site may set the --baclofen-… properties; those of the cards are not for change.

import { css } from "lit";

export const tokens = css`
  :host {
    color-scheme: light dark;
    --page: var(--baclofen-page, #f3f6f6);
    --surface: var(--baclofen-surface, #ffffff);
    --ink: var(--baclofen-ink, #16262a);
    --soft: var(--baclofen-soft, #4a5c61);
    --line: #cfdadb;
    --control: #6c8186;
    --accent: var(--baclofen-accent, #0d5f66);
    --accent-ink: var(--baclofen-accent-ink, #ffffff);
    --mine: #d9eceb;
    --mine-ink: #11312f;
    --bar: var(--baclofen-bar, #12393d);
    --bar-ink: var(--baclofen-bar-ink, #ffffff);
    --link: #0b5a75;
    --focus: #0a58ca;
    --warn: #a8121c;
    --red: #a8121c;
    --red-ink: #ffffff;
    --red-body: #fff5f4;
    --blue: #0f5277;
    --blue-ink: #ffffff;
    --blue-body: #f1f8fc;
    --amber: #ffdc8f;
    --amber-ink: #362500;
    --amber-body: #fffaef;
    --amber-edge: #a86a00;
    --radius: var(--baclofen-radius, 16px);
    --gap: 16px;
  }

  @media (prefers-color-scheme: dark) {
    :host {
      --page: var(--baclofen-page-dark, #0e1618);
      --surface: var(--baclofen-surface-dark, #172225);
      --ink: var(--baclofen-ink-dark, #e5edee);
      --soft: var(--baclofen-soft-dark, #a9babd);
      --line: #2c3c40;
      --control: #7c9196;
      --accent: var(--baclofen-accent-dark, #86d2cc);
      --accent-ink: var(--baclofen-accent-ink-dark, #06211f);
      --mine: #1d4644;
      --mine-ink: #e3f4f2;
      --bar: var(--baclofen-bar-dark, #0b2023);
      --bar-ink: var(--baclofen-bar-ink-dark, #f2f7f7);
      --link: #8ccbe6;
      --focus: #8ab8ff;
      --warn: #ff8d88;
      --red: #9c121b;
      --red-body: #241416;
      --blue: #12506f;
      --blue-body: #12222b;
      --amber: #e8b455;
      --amber-ink: #261900;
      --amber-body: #221c11;
      --amber-edge: #d59f3d;
    }
  }
`;
