"""What is loaded is what was trained: a file with one flipped bit is left out; danger is still answered."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from baclofen import learned, manifest
from tests import serving
from tests.serving import texts


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def trained(folder: Path) -> Path:
    """Return a copy of the models; the newest archive alone."""
    kept = serving.models()
    newest = max(kept.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    shutil.copy2(newest, folder)
    shutil.copy2(kept / manifest.NAME, folder)
    shutil.copytree(kept / "reader", folder / "reader")
    (folder / "encoder").symlink_to(kept / "encoder")
    return folder


def test_what_was_trained_is_taken_and_what_was_changed_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a.tar.gz"
    file.write_bytes(b"model" * 1000)
    manifest.add(tmp_path, "a.tar.gz")
    manifest.verify(file)
    flip(file)
    with pytest.raises(manifest.Changed, match=r"a\.tar\.gz is not the file that was trained"):
        manifest.verify(file)
    flip(file)
    manifest.verify(file)


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"sha256": []}', '{"sha256": {"b": "0"}}'])
def test_a_file_that_no_manifest_lists_is_not_taken(tmp_path: Path, content: str | None) -> None:
    (tmp_path / "a.tar.gz").write_bytes(b"model")
    if content is not None:
        (tmp_path / manifest.NAME).write_text(content)
    with pytest.raises(manifest.Changed, match="not listed"):
        manifest.verify(tmp_path / "a.tar.gz")


def test_the_manifest_keeps_earlier_models_until_they_are_gone(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(name.encode())
        manifest.add(tmp_path, name)
    assert set(json.loads((tmp_path / manifest.NAME).read_text())["sha256"]) == {"a", "b"}
    (tmp_path / "a").unlink()
    manifest.add(tmp_path, "b")
    assert set(json.loads((tmp_path / manifest.NAME).read_text())["sha256"]) == {"b"}


def test_a_changed_reader_is_left_out_with_a_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(serving.models() / "reader", folder)
    learned.load.cache_clear()
    assert learned.load(folder) is not None
    flip(folder / "weights.npz")
    learned.load.cache_clear()
    assert learned.load(folder) is None
    assert "make train" in caplog.text
    learned.load.cache_clear()


@pytest.mark.slow
def test_a_changed_archive_is_refused_and_danger_is_still_answered(tmp_path: Path) -> None:
    flip(next(trained(tmp_path).glob("*.tar.gz")))
    server = serving.start(BACLOFEN_MODELS=str(tmp_path))
    try:
        said = [line for line in server.output().splitlines() if "make train" in line]
        assert len(said) == 1
        assert "is not the file that was trained" in said[0]
        assert "911" in texts(server.say("he is not breathing"))[0]
        assert server.client.get(f"{server.url}/health/ready").status_code == 503
    finally:
        server.stop()


@pytest.mark.slow
def test_an_archive_that_somebody_put_there_is_not_loaded(tmp_path: Path) -> None:
    archive = next(trained(tmp_path).glob("*.tar.gz"))
    shutil.copy(archive, archive.with_name("newer.tar.gz"))
    server = serving.start(BACLOFEN_MODELS=str(tmp_path))
    try:
        assert "newer.tar.gz is not listed in manifest.json" in server.output()
        assert "911" in texts(server.say("he is not breathing"))[0]
    finally:
        server.stop()
