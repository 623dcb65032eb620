"""Of foreign log lines only what stands in the source is shown; of exceptions only their type and place."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import pytest

from assistant import logs

SOURCE = """
import logging
logger = logging.getLogger("foreign.part")

def plain(text):
    logger.warning("All is well.")

def filled(text):
    logger.warning("Got '%s' from %(x)s." % {"x": text} if False else "Got '%s'.", text)

def formatted(text):
    logger.warning(f"Heard {text!r} and {len(text)} letters")

def older(text):
    logger.error("Heard {} by {}".format(text, text))

def joined(text):
    logger.error("Heard " + text + " again")

def variable(text):
    logger.error(text)

def long(text):
    logger.warning(
        f"On two lines: "
        f"{text}",
        exc_info=False,
    )

def raised(text):
    try:
        raise ValueError(text)
    except ValueError:
        logger.exception("It broke.")
"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    path = tmp_path_factory.mktemp("foreign") / "part.py"
    path.write_text(SOURCE)
    names: dict[str, object] = {"__name__": "foreign.part"}
    exec(compile(SOURCE, str(path), "exec"), names)
    return names


def _shown(foreign: dict[str, object], name: str, form: logging.Formatter) -> str:
    taken: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = taken.append  # type: ignore[method-assign]
    logger = logging.getLogger("foreign.part")
    logger.addHandler(handler)
    try:
        foreign[name]("zanzibar")  # type: ignore[operator]
    finally:
        logger.removeHandler(handler)
    return form.format(taken[0])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plain", "All is well."),
        ("formatted", "Heard … and … letters"),
        ("older", "Heard … by …"),
        ("joined", "Heard … again"),
        ("variable", "…"),
        ("long", "On two lines: …"),
        ("filled", "…"),
        ("raised", "It broke."),
    ],
)
def test_a_foreign_line_is_shown_without_its_values(foreign: dict[str, object], name: str, said: str) -> None:
    for form in (logs._Lines(), logs._Json()):
        line = _shown(foreign, name, form)
        assert said in line
        assert "zanzibar" not in line


def test_an_exception_is_shown_by_its_type_and_place(foreign: dict[str, object]) -> None:
    line = _shown(foreign, "raised", logs._Lines())
    assert line.endswith("ValueError")
    assert "part.py:" in line


def test_a_line_of_ours_is_shown_as_it_is() -> None:
    record = logging.LogRecord("assistant.guard", logging.INFO, __file__, 1, "%d rows", (3,), None)
    assert logs.safe_message(record) == "3 rows"


def test_a_package_whose_name_begins_like_ours_is_foreign() -> None:
    assert logs.is_ours("assistant")
    assert logs.is_ours("baclofen.triage")
    assert not logs.is_ours("assistants.x")
    assert not logs.is_ours("root")


def test_every_line_that_rasa_logs_has_words_of_its_source_or_none() -> None:
    import rasa.core.processor

    source = Path(rasa.core.processor.__file__)
    lines = source.read_text("utf-8").splitlines()
    calls = [n for n, line in enumerate(lines, 1) if line.strip().startswith(("logger.", "structlogger."))]
    assert len(calls) > 10
    said = [logs.template(str(source), number) for number in calls]
    assert "processor.message.parse" in said
    assert "" not in said


def test_a_turn_is_one_json_object_with_what_was_noted() -> None:
    record = logging.LogRecord("assistant.observe", logging.INFO, __file__, 1, "turn %s", ("x",), None)
    record.noted = {"level": "urgent", "channel": "rest"}
    line = json.loads(logs._Json().format(record))
    assert (line["event"], line["level"], line["severity"]) == ("turn", "urgent", "info")


def test_the_exception_hook_says_no_more_than_type_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise RuntimeError("zanzibar")
    except RuntimeError:
        kind, _, trace = sys.exc_info()
    assert "zanzibar" not in logs.safe_exception(kind, trace)
    assert logs.safe_exception(kind, trace).endswith("RuntimeError")
