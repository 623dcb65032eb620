// The examples beside the chat are asked in it.

const chat = document.querySelector("baclofen-chat");

for (const example of document.querySelectorAll(".examples button")) {
  example.addEventListener("click", () => {
    chat.scrollIntoView({ block: "nearest" });
    chat.ask(example.textContent.trim());
  });
}
