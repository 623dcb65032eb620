// What is remembered until the tab is closed: a random id and the country. No cookies, no message text.

const memory = new Map();

export function recall(key) {
  try {
    return sessionStorage.getItem(key) ?? memory.get(key);
  } catch {
    return memory.get(key);
  }
}

export function remember(key, value) {
  memory.set(key, value);
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // storage is switched off: this page load will do
  }
}

/** Returns this tab's id, a random UUID. */
export function sender() {
  const known = recall("sender");
  if (known) return known;
  const id = uuid();
  remember("sender", id);
  return id;
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Plain http on another machine than this one has no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
