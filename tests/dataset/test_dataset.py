"""A data file is checked before it is used, and every complaint names the file, the line and what to do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from baclofen import dataset
from baclofen.dataset import DataError
from baclofen.paths import DATA, ROOT

SOURCE = """sources:
  - id: NHS
    title: About baclofen
    publisher: NHS
    url: https://nhs.uk/medicines/baclofen/about-baclofen
    date: undated
    checked: true
    how_read: official
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the facts, sources and schemas that a test may spoil."""
    shutil.copytree(DATA / "facts", tmp_path / "facts")
    (tmp_path / "schemas").mkdir()
    for name in ("facts", "sources"):
        shutil.copy(DATA / "schemas" / f"{name}.json", tmp_path / "schemas")
    shutil.copy(DATA / "sources.yml", tmp_path)
    return tmp_path


def sources(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        dataset.load_yaml(path, "sources")
    return str(caught.value)


def test_a_sound_file_gives_plain_data(tmp_path: Path) -> None:
    data = dataset.load_yaml(sources(tmp_path, SOURCE), "sources")
    assert data["sources"][0]["id"] == "NHS"
    assert data["sources"][0]["checked"] is True


def test_each_caller_gets_a_copy_that_it_may_change(tmp_path: Path) -> None:
    path = sources(tmp_path, SOURCE)
    dataset.load_yaml(path, "sources")["sources"].clear()
    assert len(dataset.load_yaml(path, "sources")["sources"]) == 1


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = sources(tmp_path, SOURCE)
    dataset.load_yaml(path, "sources")
    sources(tmp_path, SOURCE.replace("About baclofen", "About it, in another length"))
    assert dataset.load_yaml(path, "sources")["sources"][0]["title"] == "About it, in another length"


def test_an_unknown_key_is_refused_with_file_line_and_the_likely_name(tmp_path: Path) -> None:
    path = sources(tmp_path, SOURCE.replace("publisher:", "publishr:"))
    text = complaint(path)
    assert f"{path}:4: unknown key 'publishr'; did you mean 'publisher'?" in text
    assert f"{path}:2: missing 'publisher'; add it" in text


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = complaint(
        sources(tmp_path, SOURCE.replace("id: NHS", "id: n h s").replace("checked: true", "checked: maybe"))
    )
    assert ":2: " in text
    assert ":7: 'checked' must be true or false, not text" in text


@pytest.mark.parametrize("bare", ["911", "024", "1.5", "true"])
def test_a_bare_number_where_text_belongs_asks_for_quotes(tmp_path: Path, bare: str) -> None:
    path = sources(tmp_path, SOURCE.replace("date: undated", f"date: {bare}"))
    assert f"{path}:6: 'date' must be text: put quotes around it" in complaint(path)


@pytest.mark.parametrize("quoted", ["911", "024", "0800 123 456", "+44 800"])
def test_a_quoted_number_keeps_every_digit(tmp_path: Path, quoted: str) -> None:
    path = sources(tmp_path, SOURCE.replace("date: undated", f'date: "{quoted}"'))
    assert dataset.load_yaml(path, "sources")["sources"][0]["date"] == quoted


@pytest.mark.parametrize("word", ["2026-11-22", "12:30", "NO", "no", "yes", "on", "off"])
def test_days_times_and_the_code_of_norway_stay_text(tmp_path: Path, word: str) -> None:
    path = sources(tmp_path, SOURCE.replace("date: undated", f"date: {word}"))
    assert dataset.load_yaml(path, "sources")["sources"][0]["date"] == word


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = sources(tmp_path, SOURCE + "    date: today\n")
    assert f"{path}:9: is no valid YAML: the key 'date' stands twice here; keep one" in complaint(path)


def test_the_same_key_in_two_entries_is_no_repeat(tmp_path: Path) -> None:
    second = SOURCE.split("\n", 1)[1].replace("NHS", "MFC")
    assert len(dataset.load_yaml(sources(tmp_path, SOURCE + second), "sources")["sources"]) == 2


def test_broken_yaml_names_its_line(tmp_path: Path) -> None:
    path = sources(tmp_path, "sources:\n  - id: [NHS\n    title: x\n")
    assert str(path) + ":3: is no valid YAML" in complaint(path)


def test_a_missing_file_and_one_that_is_no_utf8_say_so(tmp_path: Path) -> None:
    assert "cannot be read" in complaint(tmp_path / "absent.yml")
    path = tmp_path / "latin.yml"
    path.write_bytes(b"sources: \xe9\n")
    assert "UTF-8" in complaint(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "'the file' must be keys with values, not nothing" in complaint(sources(tmp_path, ""))


def test_a_file_whose_schema_is_missing_says_which_to_write(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"data/schemas/absent\.json is missing"):
        dataset.load_yaml(sources(tmp_path, SOURCE), "absent")


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "hello"}\n\n{"text": \n', encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.jsonl:3: is no JSON"):
        dataset.load_jsonl(path)


def test_lines_of_json_are_read_and_blank_ones_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "hello"}\n\n{"text": "he\u2028y"}\n', encoding="utf-8")
    assert [row["text"] for row in dataset.load_jsonl(path)] == ["hello", "he\u2028y"]


def test_a_line_of_json_answers_to_its_schema(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"sources": []}) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.jsonl:1: 'sources' needs at least 1 entries"):
        dataset.load_jsonl(path, "sources")


def test_a_value_is_found_at_its_line_and_a_missing_one_at_its_parent(tmp_path: Path) -> None:
    path = sources(tmp_path, SOURCE)
    assert dataset.line_of(path, ("sources", 0, "url")) == 5
    assert dataset.line_of(path, ("sources", 0, "absent")) == 2


def test_a_sound_folder_has_no_problem(folder: Path) -> None:
    assert dataset.check(folder) == []


def test_a_spoilt_file_is_found_with_its_line(folder: Path) -> None:
    path = folder / "sources.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("publisher:", "house:", 1), encoding="utf-8")
    found = [problem for problem in dataset.check(folder) if problem.file == str(path)]
    assert any(problem.line > 1 and "unknown key 'house'" in problem.message for problem in found)


def test_a_file_that_rasa_would_grab_is_found(folder: Path) -> None:
    schema = json.loads((folder / "schemas" / "facts.json").read_text(encoding="utf-8"))
    assert "responses" not in schema["properties"]
    path = folder / "facts" / "stray.yml"
    path.write_text("version: '3.1'\nresponses: {}\n", encoding="utf-8")
    assert any(
        problem.file == str(path) and "responses" in problem.message for problem in dataset.check(folder)
    )


def test_rasas_own_files_need_no_schema_but_must_parse(folder: Path) -> None:
    (folder / "nlu").mkdir()
    (folder / "nlu" / "a.yml").write_text("nlu: []\n", encoding="utf-8")
    assert dataset.check(folder) == []
    (folder / "nlu" / "a.yml").write_text("nlu: [\n", encoding="utf-8")
    assert any("no valid YAML" in problem.message for problem in dataset.check(folder))


def test_a_stray_file_is_found(folder: Path) -> None:
    (folder / "notes.yml").write_text("a: 1\n", encoding="utf-8")
    assert any("has no schema" in problem.message for problem in dataset.check(folder))


def test_a_schema_that_lets_any_key_in_is_found(folder: Path) -> None:
    path = folder / "schemas" / "sources.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"additionalProperties": false,', "", 1), encoding="utf-8"
    )
    assert any("lets any key in" in problem.message for problem in dataset.check(folder))


def test_a_check_of_ones_own_gets_the_sound_files_that_fit(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset, "CHECKS", list(dataset.CHECKS))
    seen: list[str] = []

    @dataset.check_for("facts/*.yml")
    def _(files, root):  # type: ignore[no-untyped-def]
        seen.extend(path.name for path in files)
        path = next(iter(files))
        yield dataset.problem_at(path, ("topic",), "not today")

    (folder / "facts" / "basics.yml").write_text("topic: [\n", encoding="utf-8")
    problems = dataset.check(folder)
    assert "uses.yml" in seen
    assert not {"basics.yml", "sources.yml"} & set(seen)
    assert any(problem.message == "not today" and problem.line == 1 for problem in problems)


def test_a_check_that_stumbles_over_another_file_still_leaves_a_report(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset, "CHECKS", list(dataset.CHECKS))

    @dataset.check_for("facts/*.yml")
    def _(files, root):  # type: ignore[no-untyped-def]
        return [dataset.load_yaml(root / "absent.yml", "facts")]

    assert any(
        "absent.yml" in problem.file and "is it there?" in problem.message
        for problem in dataset.check(folder)
    )


def test_the_data_of_this_project_have_no_problem() -> None:
    assert [str(problem) for problem in dataset.check()] == []


def test_the_core_imports_neither_rasa_nor_the_schema_checker_before_it_is_needed() -> None:
    code = "import sys, baclofen.dataset, baclofen.facts; print({'rasa', 'jsonschema'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
