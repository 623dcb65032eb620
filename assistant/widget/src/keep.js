// Copies a number, prints or saves the steps of a card.

/** Copies a text; returns whether that worked. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http has no clipboard; the old way needs a box.
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const isCopied = document.execCommand("copy");
    box.remove();
    return isCopied;
  }
}

/** Saves a text as a file. */
export function save(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Prints the element alone, not the page around it. */
export function print(host) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@media print {
    body, body * { visibility: hidden !important; }
    [data-baclofen-print] { visibility: visible !important; position: absolute !important; inset: 0 0 auto 0 !important; }
  }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  host.setAttribute("data-baclofen-print", "");
  const tidy = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    host.removeAttribute("data-baclofen-print");
  };
  addEventListener("afterprint", tidy, { once: true });
  window.print();
}
