"""Training and starting by one command, run for real in folders of their own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant import bootstrap
from assistant.setup import steps, training
from assistant.setup.steps import Failure, House
from tests.assistant.checkout import bare, free_port, house, start, surroundings, trainings

__all__ = ["bare", "house"]

# Training


def test_the_first_start_trains_and_serves_in_a_few_lines_and_the_second_only_serves(house: House) -> None:
    port = free_port()
    first, second = start(house, "run", PORT=port), start(house, "run", PORT=port)
    assert first.stdout.splitlines()[1:] == [
        "learning",
        "Loading the bot (some seconds)",
        f"ready at 127.0.0.1:{port}",
    ]
    assert second.stdout.splitlines() == ["Loading the bot (some seconds)", f"ready at 127.0.0.1:{port}"]
    assert (first.returncode, first.stderr, second.stderr, trainings(house)) == (0, "", "", 1)


def test_a_changed_word_in_the_data_trains_again_and_says_which_file(house: House) -> None:
    start(house, "train")
    (house.root / "data" / "words.yml").write_text("floppy: urgent\n")
    assert "data/words.yml changed" in start(house, "train").stdout
    assert trainings(house) == 2


def test_a_new_date_on_the_data_does_not_train_again(house: House) -> None:
    start(house, "train")
    os.utime(house.root / "data" / "words.yml", (1, 1))
    assert (start(house, "train").stdout, trainings(house)) == ("", 1)


def test_training_can_be_asked_for_although_nothing_changed(house: House) -> None:
    start(house, "train")
    start(house, "train", "--always")
    assert trainings(house) == 2


@pytest.mark.parametrize(("module", "counts"), [("spelling", True), ("replies", False)])
def test_only_the_code_that_the_classifier_uses_counts(house: House, module: str, counts: bool) -> None:
    core = house.root / "baclofen"
    core.mkdir()
    (core / "classifier.py").write_text("from baclofen import text\n")
    (core / "text.py").write_text("from .spelling import correct\n")
    for name in ("spelling", "replies"):
        (core / f"{name}.py").write_text("")
    before = training.training_inputs(house)
    (core / f"{module}.py").write_text("changed = True\n")
    assert (training.training_inputs(house) != before) is counts


def test_a_model_that_was_deleted_is_trained_again(house: House) -> None:
    start(house, "train")
    (house.models / "bot.tar.gz").unlink()
    assert start(house, "train").returncode == 0
    assert trainings(house) == 2


def test_an_older_model_may_be_deleted_without_training_again(house: House) -> None:
    house.models.mkdir()
    (house.models / "older.tar.gz").touch()
    os.utime(house.models / "older.tar.gz", (1, 1))
    start(house, "train")
    (house.models / "older.tar.gz").unlink()
    start(house, "train")
    assert trainings(house) == 1


def test_a_failed_training_leaves_the_model_says_one_line_and_is_done_again(house: House) -> None:
    start(house, "train")
    (house.root / "data" / "words.yml").write_text("floppy: urgent\n")
    failed = start(house, "train", TRAINING_WRITES="/nowhere/at/all")
    assert failed.returncode == 1
    assert failed.stderr.startswith("Training failed: FileNotFoundError:")
    assert failed.stderr.count("\n") == 1
    assert "Traceback" in (house.cache / "train.log").read_text()
    assert (house.models / "bot.tar.gz").read_text() == "new"
    assert (start(house, "train").returncode, trainings(house)) == (0, 3)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_disk_that_fills_during_training_is_named(house: House) -> None:
    failed = start(house, "train", TRAINING_WRITES="/dev/full")
    assert (failed.returncode, failed.stderr.count("\n")) == (1, 1)
    assert failed.stderr.startswith("The disk is full.")


def test_ctrl_c_during_training_ends_all_of_it_calmly_and_the_next_start_trains(house: House) -> None:
    command = [sys.executable, "-IS", str(house.root / "assistant" / "bootstrap.py"), "train"]
    env = surroundings(house, TRAINING_TAKES="50")
    with subprocess.Popen(
        command,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's "&" has it ignored
    ) as process:
        assert process.stdout is not None
        while process.stdout.readline() != "learning\n":
            pass
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        said, complaints = process.communicate(timeout=20)
    assert time.monotonic() - began < 3
    assert (process.returncode, said, complaints) == (
        130,
        "Stopped. The same command goes on from here.\n",
        "",
    )
    assert not (house.models / "bot.tar.gz").exists()
    assert (start(house, "train").returncode, trainings(house)) == (0, 2)


def test_two_starts_at_once_train_once(house: House) -> None:
    command = [sys.executable, "-IS", str(house.root / "assistant" / "bootstrap.py"), "train"]
    env = surroundings(house, TRAINING_TAKES="0.5")
    both = [subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(30) for process in both] == [0, 0]
    assert trainings(house) == 1


# The machine


def test_a_port_in_use_is_named_before_any_set_up(bare: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        failed = start(bare, "run", PORT=str(port))
    assert (failed.returncode, failed.stdout, failed.stderr.count("\n")) == (1, "", 1)
    assert f"Port {port} is in use" in failed.stderr
    assert not bare.venv.exists()


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("127.0.0.1", "five", "PORT=five"),
        ("127.0.0.1", "70000", "PORT=70000"),
        ("192.0.2.1", "5005", "HOST=192.0.2.1"),
    ],
)
def test_an_address_that_cannot_be_served_is_named(host: str, port: str, words: str) -> None:
    with pytest.raises(Failure, match=words):
        bootstrap.need_free_port(host, port)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_a_free_port_is_accepted(host: str) -> None:
    bootstrap.need_free_port(host, free_port())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    closed = Path("/proc")
    if os.geteuid() != 0 or not closed.is_dir():
        closed = tmp_path
        closed.chmod(0o555)
    with pytest.raises(Failure, match=f"^{closed}: "):
        steps.need_writable(closed)


def test_a_folder_that_can_be_written_is_accepted_and_left_empty(tmp_path: Path) -> None:
    steps.need_writable(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_without_any_python_says_one_line(bare: House) -> None:
    command = ["make", "--no-print-directory", "run", "PYTHON=/bin/false"]
    failed = subprocess.run(command, cwd=bare.root, capture_output=True, text=True, timeout=20)
    assert failed.stderr.startswith("Python 3.8 or newer is needed")
    assert (failed.returncode, failed.stdout) == (2, "")


@pytest.mark.skipif(shutil.which("make") is None, reason="no make here")
def test_make_passes_port_and_host_to_the_server(house: House) -> None:
    command = ["make", "--no-print-directory", "run", f"PORT={free_port()}", "HOST=localhost"]
    done = subprocess.run(
        command, cwd=house.root, env=surroundings(house), capture_output=True, text=True, timeout=20
    )
    assert done.stdout.splitlines()[-1] == f"ready at localhost:{command[-2][5:]}"
