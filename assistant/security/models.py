"""A model's archive is compared with its manifest before Rasa unpacks it, whatever starts Rasa."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from baclofen import manifest


def verify_before_loading() -> None:
    """Have Rasa refuse an archive that is not the one that was trained; twice is as good as once."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    unpack = LocalModelStorage.from_model_archive.__func__
    if getattr(unpack, "is_checked", False):
        return

    def from_model_archive(cls: Any, storage_path: Path, model_archive_path: str | Path) -> Any:
        manifest.verify(Path(model_archive_path))
        return unpack(cls, storage_path, model_archive_path)

    from_model_archive.is_checked = True  # type: ignore[attr-defined]
    LocalModelStorage.from_model_archive = classmethod(from_model_archive)
