"""Peer: Rasa's DIET with the five levels as intents, behind the featurizers of ``rasa init``."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from baclofen.signs import LEVELS, Level
from benchmarks.processes import Finished, finish
from benchmarks.triage.peers import Job, Read

MODEL = "diet"
TRAINING = "training.json"


def config(epochs: int) -> dict[str, Any]:
    """Return Rasa's default pipeline up to its classifier; entities are not asked for.

    Args:
        epochs: Rasa's own default is 100, for some hundreds of examples.
    """
    return {
        "recipe": "default.v1",
        "assistant_id": "benchmark-diet",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {
                "name": "DIETClassifier",
                "epochs": epochs,
                "constrain_similarities": True,
                "entity_recognition": False,
                "random_seed": 1,
            },
        ],
        "policies": [],
    }


def examples(training: Sequence[tuple[str, Level]]) -> dict[str, Any]:
    """Return the training data in Rasa's JSON form, in which no message can be read as markup."""
    found = [{"text": text, "intent": level, "entities": []} for text, level in training]
    return {"rasa_nlu_data": {"common_examples": found}}


def key(training: Sequence[tuple[str, Level]], epochs: int) -> str:
    """Return a name that changes with whatever decides what is learned: data, configuration, versions."""
    learned = [examples(training), config(epochs), version("rasa"), version("tensorflow")]
    return hashlib.sha256(json.dumps(learned).encode()).hexdigest()[:16]


def trained(
    training: Sequence[tuple[str, Level]], epochs: int, cache: Path, env: dict[str, str]
) -> tuple[Path, Finished]:
    """Return the folder of the trained model and what its training took; from the cache, if it is there.

    Raises:
        ProcessError: ``rasa train`` failed.
    """
    folder = cache / f"diet-{key(training, epochs)}"
    record = folder / TRAINING
    if not record.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "nlu.json").write_text(json.dumps(examples(training)), "utf-8")
        (folder / "config.yml").write_text(yaml.safe_dump(config(epochs), sort_keys=False), "utf-8")
        parts = ["--nlu", "nlu.json", "--config", "config.yml", "--out", ".", "--fixed-model-name", MODEL]
        took = finish(
            [sys.executable, "-m", "rasa", "train", "nlu", *parts], folder, folder / "train.log", env
        )
        record.write_text(json.dumps(vars(took), indent=2) + "\n", "utf-8")
    return folder, Finished(**json.loads(record.read_text("utf-8")))


def reader(job: Job) -> Read:
    """Return the peer, ready to read."""
    from rasa.core.agent import Agent

    loop = asyncio.new_event_loop()
    agent = Agent.load(str(Path(job.folder) / f"{MODEL}.tar.gz"))
    levels: dict[str, Level] = {level: level for level in LEVELS}

    def read(text: str) -> Level:
        parsed = loop.run_until_complete(agent.parse_message(text))
        return levels.get(parsed["intent"]["name"], "none")

    return read
