// The few pictures, drawn in the colour of the text.

import { html } from "lit";

export const phoneIcon = html`<svg class="icon" viewBox="0 0 24 24" width="26" height="26" aria-hidden="true"><path fill="currentColor" d="M4.5 2.5h3.4c.6 0 1.1.4 1.2 1l.8 4c.1.4 0 .9-.4 1.2L7.6 10.5a13.5 13.5 0 0 0 5.9 5.9l1.8-1.9c.3-.4.8-.5 1.2-.4l4 .8c.6.1 1 .6 1 1.2v3.4c0 1.1-.9 2-2 2C10.2 21.5 2.5 13.8 2.5 4.5c0-1.1.9-2 2-2z"/></svg>`;
export const copyIcon = html`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" d="M9 8h11v13H9zM15 8V3H4v13h5"/></svg>`;
export const chatIcon = html`<svg class="icon" viewBox="0 0 24 24" width="26" height="26" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" d="M4 4h16v12H11l-5 4v-4H4z"/></svg>`;
export const closeIcon = html`<svg class="icon" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" d="M6 6l12 12M18 6L6 18"/></svg>`;
export const optionsIcon = html`<svg class="icon" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path fill="currentColor" d="M12 4a2 2 0 100 4 2 2 0 000-4zm0 6a2 2 0 100 4 2 2 0 000-4zm0 6a2 2 0 100 4 2 2 0 000-4z"/></svg>`;
