// What is remembered until the tab is closed: a session id, the country, the conversation. No cookies, nothing longer.

const KEY = "baclofen-chat";

/** A small record in sessionStorage; where storage is switched off it lasts as long as the page. */
export class Memory {
  constructor() {
    try {
      this.all = JSON.parse(sessionStorage.getItem(KEY)) || {};
    } catch {
      this.all = {};
    }
  }

  get(name) {
    return this.all[name];
  }

  set(values) {
    Object.assign(this.all, values);
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.all));
    } catch {
      // full or switched off: this page load will do
    }
  }

  wipe() {
    this.all = {};
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // nothing was kept
    }
  }

  /** Returns this tab's session id as the server signed it, empty before there is one. */
  sender() {
    return this.all.sender || "";
  }
}

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on another machine than this one has no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
