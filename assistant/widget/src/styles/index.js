// All styles, as sheets of their own: no inline style, so that the strictest content policy will do.

import { card } from "./card.js";
import { frame } from "./frame.js";
import { log } from "./log.js";
import { modes } from "./modes.js";
import { tokens } from "./tokens.js";

export const styles = [tokens, frame, log, card, modes];
