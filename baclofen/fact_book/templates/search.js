// Narrows the list of questions as words are typed. Without scripts the whole list stands there.
const form = document.querySelector("form.search");
if (form) {
  form.hidden = false;
  const input = form.querySelector("input");
  const hits = form.querySelector(".hits");
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const sections = [...document.querySelectorAll("section.topic")].map((section) => ({
    section,
    items: [...section.querySelectorAll("li")].map((item) => ({ item, text: plain(`${item.textContent} ${item.dataset.words}`) })),
  }));
  const narrow = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { section, items } of sections) {
      let here = 0;
      for (const { item, text } of items) {
        item.hidden = !words.every((word) => text.includes(word));
        here += item.hidden ? 0 : 1;
      }
      section.hidden = here === 0;
      found += here;
    }
    document.querySelector("ul.topics").hidden = words.length > 0;
    hits.textContent = words.length === 0 ? "" : found === 1 ? "1 question" : `${found} questions`;
  };
  input.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  narrow();
}
