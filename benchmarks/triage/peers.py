"""The peers, and what passes between the run and the process of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from baclofen.signs import Level

Read = Callable[[str], Level]
"""The whole task: a message in, a level out."""


@dataclass(frozen=True)
class Peer:
    """One system that is measured.

    Attributes:
        key: its name on the command line.
        title: its name in the table.
        module: of this package, with ``reader(job)``.
        packages: those whose version the table names.
        home: ``own`` runs in the project's environment, ``peers`` in the other one.
        learns: whether it is trained on labelled messages here.
        is_ours: whether it is this project's.
    """

    key: str
    title: str
    module: str
    packages: tuple[str, ...] = ()
    home: Literal["own", "peers"] = "own"
    learns: bool = False
    is_ours: bool = False


PEERS = (
    Peer("keywords", "keyword list", "keywords"),
    Peer("negspacy", "negspacy", "negex", ("negspacy", "spacy"), "peers"),
    Peer("medspacy", "medspaCy ConText", "context", ("medspacy", "spacy"), "peers"),
    Peer("minilm", "MiniLM neighbours", "neighbours", ("onnxruntime",), learns=True),
    Peer("diet", "Rasa DIET", "diet", ("rasa", "tensorflow"), learns=True),
    Peer("rules", "ours, rules alone", "ours", is_ours=True),
    Peer("learned", "ours, learned alone", "ours", ("onnxruntime", "scikit-learn"), is_ours=True),
    Peer("both", "ours", "ours", ("onnxruntime", "scikit-learn"), is_ours=True),
    Peer("calmer", "ours, calmer", "ours", ("onnxruntime", "scikit-learn"), is_ours=True),
)


@dataclass(frozen=True)
class Job:
    """What one process has to do.

    Attributes:
        peer: the key of a peer.
        sets: messages to read, by the name of their set.
        levels, context: phrases, see ``phrases.Phrases``.
        training: messages with their levels.
        folder: where the model lies, for those that load one.
    """

    peer: str
    sets: Mapping[str, Sequence[str]]
    levels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)
    training: Sequence[tuple[str, Level]] = field(default_factory=list)
    folder: str = ""

    def dumps(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def loads(cls, text: str) -> Job:
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Answer:
    """What a process did.

    Attributes:
        levels: of every message of every set, in order.
        per_second: messages for each second of processor time, by set.
        memory_mib: resident memory after the last message.
        versions: of the packages that matter.
    """

    levels: Mapping[str, Sequence[Level]]
    per_second: Mapping[str, float]
    memory_mib: float
    versions: Mapping[str, str]

    def dumps(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> Answer:
        data: dict[str, Any] = json.loads(text)
        return cls(**data)
