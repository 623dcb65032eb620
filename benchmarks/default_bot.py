"""A default Rasa bot over the same training data: what ``rasa init`` gives, with our intents and words."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from baclofen import facts, follow_ups, replies
from baclofen.paths import DATA, ROOT
from benchmarks import questions
from benchmarks.processes import Finished, finish

CACHE = Path(__file__).parent / "cache"
ACTIONS = Path(__file__).parent / "default_actions.py"
EPOCHS, QUICK_EPOCHS = 100, 5
LIGHT_EPOCHS, LIGHT_EXAMPLES = 8, 8
"""Of a bot that is only timed: examples of each intent. What an answer takes does not depend on how much was
learned, but on the parts, the intents and, a little, on the words that are known. It is never unsure, so that
it goes the ways of one that has learned, to the action server above all."""

MODEL = "default"


@dataclass(frozen=True)
class DefaultBot:
    """A trained project.

    Attributes:
        training: what its training took, at the time when it was trained.
        is_cached: whether that was in an earlier run.
    """

    folder: Path
    epochs: int
    training: Finished
    is_cached: bool

    @property
    def model(self) -> Path:
        return self.folder / "models" / f"{MODEL}.tar.gz"


def config(epochs: int, is_sure: bool = False) -> dict[str, Any]:
    """Return Rasa's default pipeline and policies, as ``rasa init`` configures them.

    Args:
        epochs: of each part that learns; Rasa's own default is 100.
        is_sure: takes the likeliest intent, however unlikely.
    """
    return {
        "recipe": "default.v1",
        "assistant_id": "benchmark-default-bot",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
            {"name": "EntitySynonymMapper"},
            {"name": "ResponseSelector", "epochs": epochs, "constrain_similarities": True},
            {"name": "FallbackClassifier", "threshold": 0.0, "ambiguity_threshold": 0.0}
            if is_sure
            else {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy"},
            {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": epochs},
            {"name": "TEDPolicy", "max_history": 5, "epochs": epochs, "constrain_similarities": True},
        ],
    }


def words() -> dict[str, str]:
    """Return what the bot says, by intent or response: our own words, so that both send about as much."""
    ours = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["responses"]
    said = {fact.id: f"{fact.short} {fact.full or ''}".strip() for fact in facts.load().values()}
    said |= {intent: replies.small_talk(intent).text or "" for intent in questions.SMALL_TALK}
    said |= {
        intent: replies.follow_up(part, None).text or "" for intent, part in follow_ups.load()["says"].items()
    }
    said["emergency"] = ours["utter_emergency"][0]["text"]
    said["emergency_details"] = ours["utter_emergency_care"][0]["text"]
    said["default"] = ours["utter_default"][0]["text"]
    return said


def actions_for(intent: str) -> list[str]:
    """Return what the bot does for an intent."""
    if intent == questions.REPORT:
        return ["utter_emergency", "action_emergency_details"]
    if intent in questions.SMALL_TALK:
        return [f"utter_{intent}"]
    return ["utter_default"] if intent == "nlu_fallback" else ["action_answer_fact"]


def domain(intents: Sequence[str], said: dict[str, str]) -> dict[str, Any]:
    """Return the domain: all intents, a response for each kind of small talk, two custom actions."""
    responses = ("emergency", "default", *questions.SMALL_TALK)
    return {
        "version": "3.1",
        "intents": list(intents),
        "responses": {f"utter_{name}": [{"text": said[name]}] for name in responses},
        "actions": ["action_answer_fact", "action_emergency_details"],
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def rules(intents: Iterable[str]) -> dict[str, Any]:
    """Return one rule for each intent, and one for a message that is not understood."""
    found = [{"rule": intent, "steps": _turn(intent)} for intent in (*intents, "nlu_fallback")]
    return {"version": "3.1", "rules": found}


def stories(intents: Sequence[str]) -> dict[str, Any]:
    """Return short conversations through all intents, three at a time: TED learns from stories only."""
    topics = [intent for intent in intents if intent not in ("greet", "thanks")]
    found = []
    for start in range(0, len(topics), 3):
        turns = ("greet", *topics[start : start + 3], "thanks")
        found.append({"story": f"story {start}", "steps": [step for turn in turns for step in _turn(turn)]})
    return {"version": "3.1", "stories": found}


def _turn(intent: str) -> list[dict[str, str]]:
    return [{"intent": intent}, *({"action": action} for action in actions_for(intent))]


def write_project(folder: Path, epochs: int, examples: int | None = None) -> None:
    """Write the project into a folder that is made anew.

    Args:
        examples: of each intent; None keeps all.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "actions").mkdir(parents=True)
    shutil.copytree(DATA / "nlu", folder / "data" / "nlu")
    if examples is not None:
        for path in (folder / "data" / "nlu").glob("*.yml"):
            path.write_text(thinned(path.read_text("utf-8"), examples), "utf-8")
    intents, said = known_intents(), words()
    parts = {
        "config.yml": config(epochs, is_sure=examples is not None),
        "domain.yml": domain(intents, said),
        "data/rules.yml": rules(intents),
        "data/stories.yml": stories(intents),
        "credentials.yml": {"rest": None},
    }
    for name, content in parts.items():
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)
        (folder / name).write_text(text, "utf-8")
    (folder / "actions" / "__init__.py").write_text("", "utf-8")
    (folder / "actions" / "words.json").write_text(json.dumps(said), "utf-8")


def thinned(nlu: str, examples: int) -> str:
    """Return training data with so many examples of each intent, spread over all of them."""
    data = yaml.safe_load(nlu)
    for entry in data["nlu"]:
        lines = [line for line in entry["examples"].splitlines() if line.strip()]
        entry["examples"] = "\n".join(lines[:: max(1, len(lines) // examples)][:examples]) + "\n"
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1000)


def known_intents() -> list[str]:
    """Return all intents of the training data."""
    return sorted({example.intent for example in questions.read(DATA / "nlu")})


def key(epochs: int) -> str:
    """Return a name that changes with whatever decides what is learned: data, configuration, versions."""
    intents = known_intents()
    learned = [config(epochs), rules(intents), stories(intents), version("rasa"), version("tensorflow")]
    digest = hashlib.sha256(json.dumps(learned).encode())
    for path in sorted((DATA / "nlu").glob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def trained(quick: bool) -> DefaultBot:
    """Return the trained bot, from the cache when nothing that decides the model has changed.

    Raises:
        ProcessError: ``rasa train`` failed.
    """
    return _trained(QUICK_EPOCHS if quick else EPOCHS, None)


def light() -> DefaultBot:
    """Return a bot that was trained on a few examples of each intent, to be timed only (see ``trained``)."""
    return _trained(LIGHT_EPOCHS, LIGHT_EXAMPLES)


def _trained(epochs: int, examples: int | None) -> DefaultBot:
    folder = CACHE / (key(epochs) + (f"-{examples}" if examples else ""))
    record = folder / "training.json"
    is_cached = record.is_file()
    if not is_cached:
        write_project(folder, epochs, examples)
        command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", MODEL]
        training = finish(command, folder, folder / "train.log")
        record.write_text(json.dumps(asdict(training), indent=2) + "\n", "utf-8")
    shutil.copy(ACTIONS, folder / "actions" / "actions.py")
    return DefaultBot(folder, epochs, Finished(**json.loads(record.read_text("utf-8"))), is_cached)


def words_of(bot: DefaultBot) -> dict[str, str]:
    """Return what a trained bot says."""
    found: dict[str, str] = json.loads((bot.folder / "actions" / "words.json").read_text("utf-8"))
    return found
