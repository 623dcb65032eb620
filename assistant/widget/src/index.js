// Defines <baclofen-chat>, once.

import { BaclofenChat } from "./chat.js";

if (!customElements.get("baclofen-chat")) customElements.define("baclofen-chat", BaclofenChat);
