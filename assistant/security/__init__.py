"""What keeps strangers out: headers, signed session ids, offered buttons, and what must not be started."""
