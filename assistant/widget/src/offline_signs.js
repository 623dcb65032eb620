// The signs that this device knows by itself: a file of its own, loaded when there is time. Until then: no answer.

/** A module with `level(text, {language})` that returns `{level, signs}`. */
let list = null;
let loading = null;

/** Begins to load the list, again if it failed before; never throws. */
export function prepare(endpoint) {
  if (list || loading) return loading;
  const again = loading === false ? `?again=${Date.now()}` : "";
  loading = import(`${endpoint}/widget-signs.js${again}`).then(
    (module) => (list = module),
    () => (loading = false),
  );
  return loading;
}

/** Returns `{level, signs}` of a text, null while the list is not there or cannot tell. */
export function judge(text, language) {
  try {
    return list ? list.level(text, { language }) : null;
  } catch {
    return null;
  }
}
