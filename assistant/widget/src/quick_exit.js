// Leaves the page at once. Three presses of Shift with no key between do it from the keyboard; Escape would stop
// the loading of the page that one leaves for.

const PRESSES = 3;
const WITHIN = 5000;

/** Calls `leave` after three presses of Shift; returns a function that ends the watch. */
export function onThreeShifts(leave) {
  let presses = 0;
  let timer = 0;
  const reset = () => {
    presses = 0;
    clearTimeout(timer);
  };
  const press = (event) => {
    if (event.key !== "Shift") return reset();
    if (event.repeat) return undefined;
    presses += 1;
    clearTimeout(timer);
    timer = setTimeout(reset, WITHIN);
    if (presses < PRESSES) return undefined;
    reset();
    return leave();
  };
  addEventListener("keydown", press, true);
  addEventListener("pointerdown", reset, true);
  return () => {
    removeEventListener("keydown", press, true);
    removeEventListener("pointerdown", reset, true);
    reset();
  };
}

/** Hides the page and puts another in its place; Back does not lead here. */
export function leaveFor(address) {
  document.body.replaceChildren();
  document.title = "";
  location.replace(address);
}
