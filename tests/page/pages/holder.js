// Puts a widget with the attributes of the address's query into the page, and notes its events.
const chat = document.createElement("baclofen-chat");
for (const [name, value] of new URLSearchParams(location.search)) chat.setAttribute(name, value);
window.seen = [];
for (const name of ["escalation", "message"]) {
  document.addEventListener(name, (event) => window.seen.push([name, event.detail]));
}
document.querySelector("main").append(chat);
