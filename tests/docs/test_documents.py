"""The documents against the code: links, paths, tests, settings, verbs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = ("actions", "assistant", "baclofen", "benchmarks", "evaluation")

MADE = (
    ".venv/",
    ".cache/",
    "models/reader",
    "conversations.db",
    "benchmarks/results.md",
    "evaluation/report.md",
    "evaluation/errors.md",
)
"""Paths that a verb of the Makefile makes; they need not be there yet."""

READERS = ("get", "setdefault", "getenv")
"""Calls that read a variable of the environment."""

NO_TEST = "no test yet"

_LINK = re.compile(r'!?\[[^\]]*\]\(([^)\s]+)\)|<img src="([^"]+)"')
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_FILE = re.compile(r"^`([\w.*\-]+/[\w.*/\-]+\.(?:py|js|html|css|ya?ml|jsonl?|md|txt|png))`$")
_VERB = re.compile(r"^\W*(?:[A-Z_]+=\S* )*make ([a-z][a-z-]*)", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_MACHINE = re.compile(r"(?<![\w.])(/home/|/Users/|/root\b|/work\b|/mnt/|/opt/|[A-Z]:\\|~/)")


def links(text: str) -> list[str]:
    """Return the targets of all links and pictures."""
    return [a or b for a, b in _LINK.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))]


def is_sound(link: str, document: Path) -> bool:
    """Say whether a link leads somewhere: a file of ours, and where it names a heading, that heading."""
    if link.startswith(("https://", "http://")):
        return True
    name, _, heading = link.partition("#")
    target = (document.parent / name).resolve() if name else document
    if not target.exists():
        return name in MADE
    return not heading or heading in headings(target.read_text("utf-8"))


def headings(text: str) -> set[str]:
    """Return the anchors of a document's headings, as code hosts make them."""
    found = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in found}


def paths(text: str) -> set[str]:
    """Return the paths of ours that stand in code, without placeholders."""
    top = "|".join(re.escape(path.name) for path in ROOT.iterdir() if path.name != ".git")
    word = re.compile(rf"(?<![\w/.\-])((?:{top})/[\w.*/\-]*)(?![\w.*/\-<])")
    return {found for span in _CODE.findall(text) for found in [*word.findall(span), *_FILE.findall(span)]}


def exists(path: str) -> bool:
    """Say whether a path, or any path that fits its stars, is there or is made by a verb."""
    clean = path.rstrip("/.")
    return path.startswith(MADE) or (any(ROOT.glob(clean)) if "*" in clean else (ROOT / clean).exists())


def names_in(file: Path) -> set[str]:
    """Return the names of the tests that a file defines."""
    tree = ast.parse(file.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds) and node.name.startswith("test_")}


def is_test(file: str, name: str) -> bool:
    return (ROOT / file).is_file() and name in names_in(ROOT / file)


def variables_read(source: str) -> set[str]:
    """Return the variables of the environment that Python code reads by name.

    Reading is ``environ.get("X")`` and the like, ``environ["X"]``, and ``text("X")`` of the settings.
    """
    return {name for node in ast.walk(ast.parse(source)) for name in _read_by(node)}


def _read_by(node: ast.AST) -> Iterator[str]:
    asked: ast.expr | None = None
    if isinstance(node, ast.Call) and node.args:
        function = ast.unparse(node.func)
        owner, _, method = function.rpartition(".")
        is_reader = (owner.endswith("environ") or owner == "os") and method in READERS
        if is_reader or function in ("text", "settings.text"):
            asked = node.args[0]
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
        asked = node.slice
    if isinstance(asked, ast.Constant) and isinstance(asked.value, str) and asked.value.isupper():
        yield asked.value


def variables_of_the_code() -> set[str]:
    files = [file for folder in CODE for file in (ROOT / folder).rglob("*.py")]
    found = {name for file in files for name in variables_read(file.read_text("utf-8"))}
    return found | set(re.findall(r"^(\w+) \?=", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def section(text: str, heading: str) -> str:
    """Return the part of a document under a heading, up to the next one of its kind."""
    return re.split(r"^## ", text.partition(f"\n## {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of the rows of all tables, without the heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = [i for i, line in enumerate(lines) if re.fullmatch(r"\|[-|: ]+\|", line)]
    heads = {i - 1 for i in rules} | set(rules)
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for i, line in enumerate(lines)
        if i not in heads
    ]


def hazards() -> list[list[str]]:
    return rows(section(read("SAFETY.md"), "Hazard log"))


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_documents_are_there() -> None:
    names = {document.name for document in DOCUMENTS}
    assert names >= {"README.md", "SAFETY.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    assert [link for link in links(document.read_text("utf-8")) if not is_sound(link, document)] == []


def test_a_link_to_a_missing_file_or_heading_is_seen() -> None:
    readme = ROOT / "README.md"
    found = links("[a](nowhere.md) [b](SAFETY.md#nothing) [c](SAFETY.md#hazard-log) ![d](docs/x.png)")
    assert [is_sound(link, readme) for link in found] == [False, False, True, False]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_every_path_exists(document: Path) -> None:
    assert sorted(path for path in paths(document.read_text("utf-8")) if not exists(path)) == []


def test_a_path_that_is_missing_is_seen_and_a_placeholder_is_not() -> None:
    assert paths("`data/nowhere.yml` and `data/facts/<topic>.yml` and data/other") == {"data/nowhere.yml"}
    assert paths("`nowhere/at_all.py`") == {"nowhere/at_all.py"}
    assert not exists("data/nowhere.yml")
    assert exists("data/facts/*.yml")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_every_test_that_is_named_exists(document: Path) -> None:
    named = _TEST.findall(document.read_text("utf-8"))
    assert [f"{file}::{name}" for file, name in named if not is_test(file, name)] == []


def test_a_test_that_does_not_exist_is_seen() -> None:
    own = Path(__file__).relative_to(ROOT).as_posix()
    assert is_test(own, "test_a_test_that_does_not_exist_is_seen")
    assert not is_test(own, "test_nothing")
    assert not is_test("tests/docs/test_nowhere.py", "test_nothing")


def test_every_hazard_has_its_number_a_control_that_exists_and_a_test_or_an_honest_word() -> None:
    assert [row[0] for row in hazards()] == [f"H{number:02}" for number in range(1, len(hazards()) + 1)]
    for number, _, _, control, tests, left in hazards():
        assert paths(control) or re.search(r"`[\w.]+\.yml`", control), f"{number} names no file"
        assert _TEST.search(tests) or tests == NO_TEST, f"{number} names no test"
        assert left, f"{number} does not say what is left"


def test_the_hazards_without_a_test_are_listed_at_the_end() -> None:
    listed = re.findall(r"^- (H\d+):", section(read("SAFETY.md"), "Hazards without a test"), re.MULTILINE)
    assert listed == [row[0] for row in hazards() if row[4] == NO_TEST]


def test_the_settings_of_the_readme_are_those_that_the_code_reads() -> None:
    table = rows(section(read("README.md"), "Settings"))
    named = {name for row in table for name in re.findall(r"`(\w+)`", row[0])}
    assert named == variables_of_the_code()


def test_a_variable_is_seen_however_it_is_read() -> None:
    source = 'os.environ.get("A"); environ["B"]; os.getenv("C"); settings.text("D"); text("E", "1")'
    assert variables_read(source) == {"A", "B", "C", "D", "E"}
    assert variables_read('print("A"); {}["B"]; message.get("C"); wording.text("D")') == set()


def test_the_readme_names_both_commands_first() -> None:
    first = re.findall(r"```sh\n(.*?)```", read("README.md"), re.DOTALL)[0]
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make run", "make test"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_every_verb_exists(document: Path) -> None:
    verbs = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    code = "\n".join(_CODE.findall(document.read_text("utf-8")))
    assert set(_VERB.findall(code)) <= verbs
    commands = set(re.findall(r'add_parser\(\s*"([\w-]+)"', read("baclofen/__main__.py")))
    assert set(re.findall(r"-m baclofen ([\w-]+)", code)) <= commands


def test_a_verb_is_seen_and_a_package_called_make_is_not() -> None:
    assert _VERB.findall("`make nonsense`\n`DATABASE= make run`\napt install make python3") == [
        "nonsense",
        "run",
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_no_document_names_a_place_on_one_machine(document: Path) -> None:
    assert _MACHINE.findall(document.read_text("utf-8")) == []


def test_a_place_on_one_machine_is_seen_and_an_address_is_not() -> None:
    assert _MACHINE.search("see /home/anna/notes")
    assert not _MACHINE.search("http://127.0.0.1:5005/health/live, data/home/x")
