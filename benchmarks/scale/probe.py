"""``python -m benchmarks.scale.probe signs|facts FACTOR``: what a message costs on the data of BACLOFEN_DATA.

Prints one JSON object. It runs in a process of its own, since data are read once in the life of a process.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import psutil

from benchmarks import questions

TEXTS = 200


def main(kind: str, factor: int) -> dict[str, float]:
    """Return the figures."""
    before = time.process_time()
    ask = of_signs() if kind == "signs" else of_facts(factor)
    loaded = time.process_time() - before
    texts = sample()
    for text in texts[:20]:
        ask(text)
    times = []
    for number, text in enumerate(texts):
        begin = time.process_time()
        ask(f"{text} {questions.marks(number + 1)}")
        times.append((time.process_time() - begin) * 1000)
    return {
        "load_s": round(loaded, 2),
        "ms": round(statistics.median(times), 3),
        "p99_ms": round(sorted(times)[int(0.99 * len(times))], 2),
        "mib": round(psutil.Process().memory_info().rss / 2**20, 1),
    }


def sample() -> Sequence[str]:
    """Return questions, with an emergency among every ten."""
    from baclofen import facts
    from baclofen.paths import ROOT

    calm = frozenset(fact.id for fact in facts.load(ROOT / "data").values() if fact.level == "none")
    asked = questions.messages("fact", questions.read(ROOT / "data" / "nlu"), calm)
    every = [
        questions.EMERGENCIES[i // 10 % len(questions.EMERGENCIES)] if i % 10 == 0 else asked[i % len(asked)]
        for i in range(TEXTS)
    ]
    return every


def of_signs() -> Callable[[str], Any]:
    """Return triage of a message that begins a conversation, both readers."""
    from assistant.conversation import Conversation, hear

    hear("he is not breathing", Conversation())
    return lambda text: hear(text, Conversation())


def of_facts(factor: int) -> Callable[[str], Any]:
    """Return what finds the fact: the classifier, the nearest questions, the answer.

    The weights and the embeddings are repeated, not learned: how long a product takes does not depend on what
    the numbers are.
    """
    from baclofen import classifier, facts
    from baclofen.classifier import Head, TextClassifier
    from baclofen.encoder import Encoder
    from baclofen.nearest import Nearest
    from baclofen.paths import ROOT

    known = facts.load()
    encoder = Encoder.load()
    model = classifier.newest(encoder)
    if encoder is None or model is None:
        raise SystemExit("There is no model; make train.")
    heads = [
        Head(np.tile(head.weights, (1, factor)), np.tile(head.bias, factor))
        for head in (model._ngram_head, model._embedding_head)
        if head is not None
    ]
    labels = [f"{label}_{number}" for number in range(factor) for label in model.labels]
    grown = TextClassifier(labels, model._ngrams, *heads, encoder)
    near = Nearest(encoder, facts.load(ROOT / "data"))
    near._ids = list(known)
    near._questions, near._answers = (np.tile(m, (factor, 1)) for m in (near._questions, near._answers))
    ids = list(known)

    def ask(text: str) -> str:
        chances = grown.predict_proba([text])[0]
        best = [labels[i] for i in chances.argsort()[::-1][:10]]
        nearest = near.ranked(text, best)
        return facts.answer(known[nearest[0] if nearest else ids[0]])

    return ask


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
