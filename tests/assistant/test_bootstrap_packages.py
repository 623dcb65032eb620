"""Installing by one command, run for real in folders of its own, from a folder of wheels."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from assistant.setup import packages, steps
from assistant.setup.steps import Failure, House, Screen
from tests.assistant.checkout import UV, bare, free_port, house, start

__all__ = ["bare", "house"]

needs_uv = pytest.mark.skipif(UV is None, reason="uv is not here; make test brings it")


@needs_uv
def test_packages_are_installed_once_and_then_left_alone(bare: House) -> None:
    first = start(bare, "install")
    assert first.stdout == "Installing 1 packages into .venv (some minutes at first)\n"
    assert (first.returncode, list(bare.venv.glob("lib/*/site-packages/tiny.py")) != []) == (0, True)
    (bare.cache / "setup.log").unlink()
    second = start(bare, "install", PATH=os.defpath)
    assert (second.returncode, second.stdout, (bare.cache / "setup.log").exists()) == (0, "", False)


@needs_uv
def test_without_its_record_an_installation_is_done_again(bare: House) -> None:
    start(bare, "install")
    bare.installed.unlink()
    assert "Installing" in start(bare, "install").stdout


@needs_uv
def test_an_installation_that_was_cut_short_begins_from_nothing(bare: House) -> None:
    start(bare, "install")
    (bare.venv / "half").touch()
    bare.unfinished.touch()
    assert start(bare, "install").returncode == 0
    assert not (bare.venv / "half").exists()
    assert not bare.unfinished.exists()


@needs_uv
def test_the_tools_for_the_tests_are_added_without_beginning_from_nothing(bare: House) -> None:
    start(bare, "install")
    (bare.venv / "kept").touch()
    assert "Installing" in start(bare, "install", "--dev").stdout
    assert (bare.venv / "kept").exists()
    assert start(bare, "install").stdout == ""


@needs_uv
def test_a_package_with_another_hash_is_refused(bare: House) -> None:
    (bare.root / "requirements.txt").write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n")
    refused = start(bare, "install")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith("A downloaded package is not the one that was locked.")
    assert not bare.installed.exists()


@needs_uv
def test_without_a_network_one_line_says_so(bare: House) -> None:
    dead = {"UV_DEFAULT_INDEX": f"http://127.0.0.1:{free_port()}/simple", "UV_HTTP_RETRIES": "0"}
    failed = start(bare, "install", PIP_NO_INDEX="", PIP_FIND_LINKS="", UV_OFFLINE="0", **dead)
    assert (failed.returncode, failed.stderr.count("\n")) == (1, 1)
    assert failed.stderr.startswith("The package index cannot be reached.")
    assert str(bare.cache / "setup.log") in failed.stderr


@pytest.mark.parametrize(
    ("output", "first_words"),
    [
        ("failed to copy file: No space left on device (os error 28)", "The disk is full"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("failed to create directory: Read-only file system (os error 30)", "No right to write"),
        ("The virtual environment was not created: ensurepip is not available.", "Python's venv module"),
        ("error sending request for url (x): dns error", "The package index cannot be reached"),
        ("error: Failed to build tiny 28", "something else"),
        ("Downloading certifi, requests and pysocks", "something else"),
    ],
)
def test_what_went_wrong_is_read_from_the_output(output: str, first_words: str) -> None:
    assert steps.explain(output, "something else").startswith(first_words)


def test_a_full_disk_is_named_even_when_the_command_could_not_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert steps.explain("killed", "something else", tmp_path) == "something else"
    monkeypatch.setattr(steps, "FULL", 1 << 62)
    assert steps.explain("killed", "something else", tmp_path) == steps.DISK_FULL


def test_without_the_venv_module_one_line_says_how_to_get_it(bare: House, tmp_path: Path) -> None:
    python = tmp_path / "python3"
    python.write_text("#!/bin/sh\necho 'ensurepip is not available' >&2\nexit 1\n")
    python.chmod(0o755)
    bare.cache.mkdir()
    with pytest.raises(Failure, match="apt install python3-venv"):
        packages.get_uv(bare, Screen(), bare.cache / "setup.log", str(python))


def test_without_any_python_3_10_one_line_says_how_to_get_it(
    bare: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "PROBE", "raise SystemExit('another version')")
    bare.cache.mkdir()
    with pytest.raises(Failure, match="pyenv install 3.10") as failure:
        packages.find_python(bare, "/bin/false", Screen(), bare.cache / "setup.log", {"HOME": str(tmp_path)})
    assert "\n" not in str(failure.value)


def test_an_installed_python_3_10_is_found_without_uv(bare: House) -> None:
    found = packages.find_python(bare, "/bin/false", Screen(), bare.cache / "setup.log", os.environ)
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("Python 3.10.")


def test_uv_uses_the_index_that_pip_is_told_to_use(tmp_path: Path) -> None:
    config = tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = https://mirror.test/simple\nextra-index-url = https://more.test/simple\n"
    )
    env = packages.uv_environment({"PIP_CONFIG_FILE": str(config), "PIP_FIND_LINKS": f"/nowhere {tmp_path}"})
    assert env["UV_DEFAULT_INDEX"] == "https://mirror.test/simple"
    assert env["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert env["UV_FIND_LINKS"] == str(tmp_path)


def test_uv_keeps_the_index_that_it_is_told_itself(tmp_path: Path) -> None:
    told = {"UV_INDEX_URL": "https://own.test/simple", "PIP_CONFIG_FILE": os.devnull}
    env = packages.uv_environment({**told, "PIP_INDEX_URL": "https://mirror.test/simple"})
    assert env == {**told, "PIP_INDEX_URL": "https://mirror.test/simple"}
