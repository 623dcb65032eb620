// The signs that this device knows by itself: a file of its own, loaded when there is time. Until then: no answer.

/** A module with `level(text, {language})` that returns `{level, signs, about}`; see assistant/widget/signs. */
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

/** Returns `{level, signs, about}` of a text, null while the list is not there or cannot tell. */
export function judge(text, language) {
  try {
    return list ? list.level(text, { language }) : null;
  } catch {
    return null;
  }
}

/** Returns what to do about what was found, `{first, steps, calls}`; null while the list is not there or cannot tell. */
export function advise(found, options) {
  try {
    const said = list.firstWords(found, options).join(" ");
    const [first, ...steps] = [...(said ? [said] : []), ...list.care(found, options)];
    return steps.length ? { first, steps, calls: list.calls(found, options) } : null;
  } catch {
    return null;
  }
}
