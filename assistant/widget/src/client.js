// Sends a message to the bot and hands over the replies as they come.

/** After this many milliseconds without an answer the widget says so; the answer may still come. */
export const PATIENCE = 10_000;

/** After this many it is given up. */
export const GIVE_UP = 30_000;

/** Why there is no answer: `kind` is down, offline, slow, broken, cut or refused. */
export class Trouble extends Error {
  constructor(kind, status = 0, text = "") {
    super(kind);
    Object.assign(this, { kind, status, text });
  }

  /** Says whether the same message may be taken a little later. */
  get mayPass() {
    return ["down", "offline", "slow", "cut"].includes(this.kind) || [502, 503, 504].includes(this.status);
  }
}

/**
 * Sends one message.
 *
 * @param {string} endpoint address of the bot, without a slash at the end; empty for the page's own server
 * @param {object} body sender, message, message_id and metadata
 * @param {(message: object) => void} onMessage called for each message of the reply, in order
 * @param {() => void} onSlow called once when nothing has come for PATIENCE milliseconds
 * @param {AbortController} stop aborting it ends the wait
 * @throws {Trouble} when the reply is missing, unreadable or incomplete
 */
export async function send(endpoint, body, onMessage, onSlow, stop) {
  let count = 0;
  let gaveUp = false;
  const slow = setTimeout(() => count || onSlow(), PATIENCE);
  const end = setTimeout(() => {
    gaveUp = true;
    stop.abort();
  }, GIVE_UP);
  const take = (message) => {
    if (!message || typeof message !== "object" || !(message.text || message.custom)) return;
    count += 1;
    clearTimeout(slow);
    onMessage(message);
  };
  try {
    const response = await post(endpoint, "webhook?stream=true", body, { signal: stop.signal });
    if (!response.ok) throw await refusal(response);
    await read(response, take);
  } catch (error) {
    if (error instanceof Trouble) throw error;
    if (count) throw new Trouble("cut");
    if (gaveUp) throw new Trouble("slow");
    throw new Trouble(navigator.onLine === false ? "offline" : "down");
  } finally {
    clearTimeout(slow);
    clearTimeout(end);
  }
  if (!count) throw new Trouble("broken");
}

/** After this many milliseconds a message goes out without an id: the reply then brings one. */
const LONGEST_ASKING = 500;

/** Asks the server for this tab's session id, once; only ids that it signed lead to a conversation again. */
export async function openSession(endpoint, memory) {
  if (memory.get("sender")) return;
  const ask = async () => {
    const { sender } = await (await post(endpoint, "session", {}, {})).json();
    if (sender && !memory.get("sender")) memory.set({ sender });
  };
  await Promise.race([ask().catch(() => {}), new Promise((resolve) => setTimeout(resolve, LONGEST_ASKING))]);
}

/** Asks the server to delete a conversation; returns whether it says that it did. */
export async function forget(endpoint, sender) {
  try {
    return (await post(endpoint, "delete", { sender }, { keepalive: true })).ok;
  } catch {
    return false;
  }
}

const post = (endpoint, path, body, more) =>
  fetch(`${endpoint}/webhooks/chat/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    ...more,
  });

async function refusal(response) {
  let text = "";
  try {
    text = String((await response.json()).text || "");
  } catch {
    // a proxy's own page: our words are enough
  }
  return new Trouble("refused", response.status, text);
}

/** Reads one JSON message a line; a body that is one JSON array (over any number of lines) will do too. */
async function read(response, take) {
  let all = "";
  let rest = "";
  let isReadable = false;
  const line = (text) => {
    for (const message of parsed(text.replace(/^data:/, ""))) {
      isReadable = true;
      take(message);
    }
  };
  const chunk = (text) => {
    all += text;
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    lines.forEach(line);
  };
  if (response.body) {
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunk(decoder.decode(part.value, { stream: true }));
    }
  } else {
    chunk(await response.text());
  }
  line(rest);
  if (!isReadable) parsed(all).forEach(take);
}

function parsed(text) {
  if (!text.trim()) return [];
  try {
    const value = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return [];
  }
}
