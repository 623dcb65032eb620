"""Flesch-Kincaid grade, with syllables counted by a rule of thumb."""

from __future__ import annotations

import re

EXCEPTIONS = {
    "every": 2,
    "different": 2,
    "medicine": 3,
    "medicines": 3,
    "able": 2,
    "people": 2,
    "area": 3,
    "sometimes": 2,
    "tired": 2,
    "dialysis": 4,
}


def syllables(word: str) -> int:
    """Return about how many syllables an English word has, at least 1."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    trimmed = re.sub(r"(?<![aeiouylrsxzgch])es$|(?<![td])ed$|(?<![lr])e$|(?<=[aeiouy][lr])e$", "", word)
    groups = re.findall(r"[aeiouy]+", trimmed)
    return max(1, len(groups) + len(re.findall(r"ia(?!l|n\b)|io(?!n)|[^q]ua(?=l)", trimmed)))


def grade(text: str) -> float:
    """Return the US school grade of a text: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [part for part in re.split(r"[.?!:;]+(?=\s|$)", text) if re.search(r"[A-Za-z]", part)]
    words = re.findall(r"[A-Za-z][A-Za-z'-]*|\d+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
