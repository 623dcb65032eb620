"""``python -m baclofen``: one message a line in, one verdict a line out."""

import json
import subprocess
import sys
from pathlib import Path

from baclofen.paths import ROOT
from baclofen.triage import triage


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "baclofen", *arguments],
        input=text,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=100,
    )


def test_triage_reads_standard_input_and_prints_one_object_a_line() -> None:
    messages = ["he is not breathing", "", "hello", "my dog ate baclofen, we are in Leeds"]
    done = run("triage", "--json", text="\n".join(messages) + "\n")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["level"] for row in rows] == [triage(message).level for message in messages]
    assert rows[3]["country"] == "GB"
    assert rows[0]["signs"][0].keys() == {"key", "words", "reader"}


def test_the_reasons_are_told_in_both_forms() -> None:
    told = run("triage", "he is not breathing, no vomiting").stdout
    assert "phrase:not_breathing" in told
    assert "denied:vomiting" in told
    row = json.loads(run("triage", "--json", "can baclofen cause seizures?").stdout)
    reason = next(reason for reason in row["reasons"] if reason["rule"] == "phrase:seizure")
    assert reason["words"] == "seizures"
    assert reason["level"] == "awareness"
    assert reason["note"].startswith("lowered: ")


def test_colours_and_the_bar_stay_out_of_pipes() -> None:
    done = run("triage", text="he is not breathing\n" * 30)
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_triage_reads_files(tmp_path: Path) -> None:
    file = tmp_path / "messages.txt"
    file.write_text("he wont wake up\nhello\n", "utf-8")
    done = run("triage", "--json", str(file))
    assert [json.loads(line)["level"] for line in done.stdout.splitlines()] == ["emergency", "none"]


def test_ask_leads_with_the_number_of_the_country() -> None:
    done = run("ask", "he has stopped breathing", "--country", "AU")
    assert "000" in done.stdout.splitlines()[0]


def test_check_finds_no_problem_in_the_projects_own_data() -> None:
    done = run("check")
    assert done.returncode == 0, done.stdout


def test_an_unknown_command_is_refused() -> None:
    assert run("dance").returncode == 2
