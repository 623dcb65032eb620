"""Serves without TensorFlow and other libraries that Rasa imports and this project has no use for.

TensorFlow alone costs several seconds and 450 MB. A finder answers the import with empty stand-ins that can
be subclassed and used as decorators, which is all that Rasa does with them on import. Only the launcher's
``serve`` installs it; training, ``rasa train``, ``rasa shell`` and ``rasa test`` use the real libraries.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

UNUSED: dict[str, str | None] = {
    "tensorflow": None,
    "tensorflow_addons": None,
    "tensorflow_hub": None,
    "tensorflow_text": None,
    "keras": None,
    "h5py": None,
    "matplotlib": None,
    "questionary": None,
    "prompt_toolkit": None,
    "spacy.cli": None,
    "scipy.stats": None,
    "aiogram": "telegram",
    "slack_sdk": "slack",
    "twilio": "twilio",
    "webexteamssdk": "webex",
    "boto3": "dynamo",
    "botocore": "dynamo",
    "pymongo": "mongo",
    "redis": "redis",
}
"""Libraries, and the word in credentials.yml or endpoints.yml that says that one is needed after all."""

OWN_CHANNELS = "assistant.channels."
"""Lines that call for nothing by themselves: such a channel may be off (``assistant.channels.variables``)."""


class _Anything(type):
    """A class whose every attribute is another such class."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _Anything(name, (_Absent,), {})
        setattr(cls, name, made)
        return made


class _Absent(metaclass=_Anything):
    """Stands for any object of the library; as a decorator it changes nothing."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __call__(self, *args: Any, **_: Any) -> Any:
        return args[0] if args else self


class _StandIn(ModuleType):
    """A module that has every name."""

    __path__: list[str] = []
    __version__ = "0.0.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _Anything(name, (_Absent,), {})
        setattr(self, name, made)
        return made


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, absent: Iterable[str]) -> None:
        self._absent = tuple(absent)
        self._inside = tuple(f"{name}." for name in self._absent)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self._absent and not fullname.startswith(self._inside):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def unused(settings: str) -> list[str]:
    """Return the libraries of :data:`UNUSED` that no line of credentials.yml and endpoints.yml calls for."""
    lines = [line.partition("#")[0] for line in settings.lower().splitlines()]
    used = "\n".join(line for line in lines if not line.startswith(OWN_CHANNELS))
    return [name for name, word in UNUSED.items() if word is None or word not in used]


def leave_out(names: Iterable[str]) -> None:
    """Let imports of these libraries find stand-ins; call it before anything imports Rasa.

    Raises:
        RuntimeError: one of them has been imported already.
    """
    late = sorted(set(names) & set(sys.modules))
    if late:
        raise RuntimeError(f"Imported before they could be left out: {', '.join(late)}.")
    sys.meta_path.insert(0, _Finder(names))
