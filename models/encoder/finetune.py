"""Teach the published encoder the levels, signs and intents of this project; README.md says how to run it.

``rows.jsonl`` comes from ``python -m evaluation.folds``. With ``--hold-out FOLD`` the rows of one fold, and
what nearly repeats them, are not learned but judged, for cross-validation; without it everything is learned
and the weights are written for ``export.py``.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
import yaml
from export import TOKENIZER_SHA256, WEIGHTS_SHA256, published_file
from network import LONGEST, Network, Weights, pad
from safetensors.torch import load, save_file
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
LEVELS = ("none", "awareness", "urgent", "crisis", "emergency")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
UNKNOWN = -100  # a row without this label teaches that head nothing

EPOCHS = 4
BATCH = 32
RATE, HEAD_RATE = 1e-4, 2e-3
WARM_UP = 0.06  # share of the steps
DECAY = 0.01
SMOOTHING = 0.05
RARE = 0.5  # weight of a level: (how rare it is) to this power
NOISY = 0.25  # share of the messages that get a typing mistake
JOINED = 0.25  # share of the messages that get another one beside them: it takes no danger away
JOINERS = (". ", "! ", "\n", ", ", " ", "... ", " and ", " also ", " - ")
SHORT = 250  # characters; longer messages are not joined
SIGNS_SHARE, INTENTS_SHARE = 0.1, 0.3  # of their losses, beside that of the levels
AVERAGED = 0.2  # the last share of the steps, over which the weights are averaged
EVERY = 20  # steps
HALVED = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # 16 bits: without AVX-512 a hundred times slower


@dataclass(frozen=True)
class Example:
    """One row, its labels as numbers.

    Attributes:
        text, writer: as in the row. level, intent: UNKNOWN where it has none.
        signs: 1 for each sign that is present; None where nobody named the signs.
    """

    text: str
    writer: str
    level: int
    intent: int
    signs: list[float] | None


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def examples(rows: Sequence[dict[str, Any]], heads: dict[str, Any], intents: Sequence[str]) -> list[Example]:
    absent = re.compile(heads["not_present"])
    patterns = [re.compile(pattern) for pattern in heads["heads"].values()]

    def present(names: Sequence[str]) -> list[float]:
        here = [name for name in names if not absent.search(name)]
        return [float(any(pattern.search(name) for name in here)) for pattern in patterns]

    return [
        Example(
            row["text"],
            row["writer"],
            LEVELS.index(row["level"]) if row["level"] else UNKNOWN,
            intents.index(row["intent"]) if row["intent"] else UNKNOWN,
            None if row["intent"] else present(row["signs"]),
        )
        for row in rows
    ]


def mistyped(text: str) -> str:
    """Now and then swap, drop, replace or double letters, as hasty hands do."""
    if random.random() > NOISY:
        return text
    letters = list(text)
    for _ in range(1 + int(random.random() * len(letters) / 25)):
        if len(letters) < 4:
            break
        place, kind = random.randrange(len(letters) - 1), random.random()
        if not letters[place].isalpha():
            if kind < 0.3:
                del letters[place]
        elif kind < 0.3:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif kind < 0.55:
            del letters[place]
        elif kind < 0.75:
            letters[place] = random.choice(LETTERS)
        else:
            letters.insert(place, letters[place])
    return "".join(letters)


def joined(one: Example, other: Example) -> Example:
    """Say two unrelated things in one message: it has the graver level, and the signs of both."""
    first, second = random.sample([one, other], 2)
    signs = None
    if one.signs is not None and other.signs is not None:
        signs = [max(pair) for pair in zip(one.signs, other.signs, strict=True)]
    text = first.text.rstrip(".") + random.choice(JOINERS) + second.text
    return Example(text, one.writer, max(one.level, other.level), UNKNOWN, signs)


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield batches in random order, texts of like length together: padding costs time."""
    order = list(range(len(lengths)))
    random.shuffle(order)
    found = []
    for start in range(0, len(order), 50 * BATCH):
        chunk = sorted(order[start : start + 50 * BATCH], key=lengths.__getitem__)
        found += [chunk[i : i + BATCH] for i in range(0, len(chunk), BATCH)]
    random.shuffle(found)
    yield from found


class Trainer:
    """Holds the network, its optimiser and the tokenizer.

    Args:
        learned: what it learns from.
        signs, intents: how many there are.
        start: weights of an earlier run to go on from, at half the pace; None starts with the published ones.
        epochs: how often every row is learned.
    """

    def __init__(
        self,
        learned: Sequence[Example],
        signs: int,
        intents: int,
        start: Path | None = None,
        epochs: int = EPOCHS,
    ) -> None:
        self.learned = learned
        self.joinable = [e for e in learned if e.level != UNKNOWN and len(e.text) <= SHORT]
        self.epochs = epochs
        self.base: Weights = load(published_file("model.safetensors", WEIGHTS_SHA256))
        self.tokenizer = Tokenizer.from_str(published_file("tokenizer.json", TOKENIZER_SHA256).decode())
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)
        self.network = Network(len(LEVELS), signs, intents)
        self.network.take(load(start.read_bytes()) if start else self.base)
        self.rates = (RATE / 2, HEAD_RATE / 4) if start else (RATE, HEAD_RATE)
        self.network.freeze_words()
        heads = {id(p): p for p in self.network.heads()}
        self.body = [p for p in self.network.parameters() if p.requires_grad and id(p) not in heads]
        groups = [{"params": self.body}, {"params": list(heads.values())}]
        self.optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
        counts = Counter(e.level for e in learned if e.level != UNKNOWN)
        even = sum(counts.values()) / len(LEVELS)
        self.weight = torch.tensor([(even / counts[level]) ** RARE for level in range(len(LEVELS))])
        self.steps = epochs * math.ceil(len(learned) / BATCH)

    def pieces(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        return pad([self.tokenizer.encode(text[:4000]).ids for text in texts])

    def perhaps_joined(self, example: Example) -> Example:
        """Now and then return a message with another one joined to it."""
        if example.level == UNKNOWN or len(example.text) > SHORT or random.random() > JOINED:
            return example
        return joined(example, random.choice(self.joinable))

    def loss(self, batch: Sequence[Example]) -> torch.Tensor:
        batch = [self.perhaps_joined(example) for example in batch]
        ids, seen = self.pieces([mistyped(example.text) for example in batch])
        with torch.autocast("cpu", torch.bfloat16, enabled=HALVED):
            _, levels, signs, intents = self.network(ids, seen)
        wanted = torch.tensor([e.level for e in batch])
        total = levels.sum() * 0.0
        if (wanted != UNKNOWN).any():
            total = total + F.cross_entropy(
                levels.float(), wanted, weight=self.weight, label_smoothing=SMOOTHING, ignore_index=UNKNOWN
            )
        named = [i for i, e in enumerate(batch) if e.signs is not None]
        if named:
            present = torch.tensor([batch[i].signs for i in named])
            each = F.binary_cross_entropy_with_logits(signs[named].float(), present, reduction="none")
            total = total + SIGNS_SHARE * each.sum(1).mean()
        asked = torch.tensor([e.intent for e in batch])
        if (asked != UNKNOWN).any():
            share = (asked != UNKNOWN).float().mean()
            total = total + INTENTS_SHARE * share * F.cross_entropy(
                intents.float(), asked, ignore_index=UNKNOWN
            )
        return total

    def train(self) -> None:
        """Learn, and keep the mean of the weights over the last steps."""
        lengths = [len(example.text) for example in self.learned]
        mean: Weights = {}
        step, kept, start = 0, 0, time.monotonic()
        self.network.train()
        for epoch in range(self.epochs):
            for batch in batches(lengths):
                pace = min(1.0, (step + 1) / (WARM_UP * self.steps)) * max(0.02, 1 - step / self.steps)
                for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
                    group["lr"] = rate * pace
                loss = self.loss([self.learned[i] for i in batch])
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.body, 1.0)
                self.optimiser.step()
                self.optimiser.zero_grad()
                step += 1
                if step > self.steps * (1 - AVERAGED) and step % EVERY == 0:
                    kept += 1
                    state = self.network.state_dict()
                    mean = {
                        k: mean[k] + (v - mean[k]) / kept if mean else v.clone() for k, v in state.items()
                    }
            print(f"epoch {epoch + 1}: {step} steps, {time.monotonic() - start:.0f} s", flush=True)
        if mean:
            self.network.load_state_dict(mean)

    @torch.no_grad()
    def judge(self, texts: Sequence[str]) -> dict[str, np.ndarray[Any, Any]]:
        """Return the scores of every head for every text, in order."""
        self.network.eval()
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found: dict[str, list[Any]] = {"levels": [None] * len(texts), "intents": [None] * len(texts)}
        for start in range(0, len(order), 64):
            batch = order[start : start + 64]
            _, levels, _, intents = self.network(*self.pieces([texts[i] for i in batch]))
            for name, scores in (("levels", levels), ("intents", intents)):
                for i, row in zip(batch, scores.float().numpy(), strict=True):
                    found[name][i] = row
        return {name: np.array(rows, np.float32) for name, rows in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path)
    parser.add_argument("out", type=Path, help="weights (.safetensors), or with --hold-out scores (.npz)")
    parser.add_argument("--hold-out", type=int)
    parser.add_argument(
        "--start", type=Path, help="weights of an earlier run to go on from, at half the pace"
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)

    rows = read(options.rows)
    heads = yaml.safe_load((HERE / "heads.yml").read_text("utf-8"))
    intents = sorted({row["intent"] for row in rows if row["intent"]})
    fold = options.hold_out
    learned = [row for row in rows if fold is None or (row["fold"] != fold and fold not in row["near"])]
    trainer = Trainer(
        examples(learned, heads, intents), len(heads["heads"]), len(intents), options.start, options.epochs
    )
    trainer.train()
    if fold is None:
        names = {"levels": " ".join(LEVELS), "signs": " ".join(heads["heads"])}
        save_file(trainer.network.give(trainer.base), options.out, names)
        return
    numbers = [number for number, row in enumerate(rows) if row["fold"] == fold]
    scores = trainer.judge([rows[number]["text"] for number in numbers])
    wanted = np.array([LEVELS.index(rows[n]["level"]) if rows[n]["level"] else UNKNOWN for n in numbers])
    asked = np.array([intents.index(rows[n]["intent"]) if rows[n]["intent"] else UNKNOWN for n in numbers])
    for name, truth in (("levels", wanted), ("intents", asked)):
        known = truth != UNKNOWN
        right = (scores[name].argmax(1) == truth)[known].mean()
        print(f"fold {fold}, {name}: {right:.3f} of {known.sum()} right")
    np.savez_compressed(options.out, rows=np.array(numbers), **scores)


if __name__ == "__main__":
    main()
