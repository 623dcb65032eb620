"""``new-fact`` begins a fact in every file that has to know it, or changes nothing."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from baclofen import facts, new_fact
from baclofen.paths import DATA, ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("facts", "nlu"):
        shutil.copytree(DATA / name, tmp_path / "data" / name)
    for name in ("sources.yml", "rules.yml"):
        shutil.copy(DATA / name, tmp_path / "data")
    shutil.copy(ROOT / "domain.yml", tmp_path)
    return tmp_path


def test_a_new_fact_stands_in_every_file(project: Path) -> None:
    day = date(2027, 2, 3)
    files = new_fact.begin("sun_cream", "handling", project, project / "data", day)
    assert files == ["data/facts/handling.yml", "data/nlu/handling.yml", "domain.yml", "data/rules.yml"]
    entry = yaml.safe_load((project / files[0]).read_text("utf-8"))["facts"][-1]
    assert (entry["id"], entry["reviewed_on"], entry["review_by"]) == (
        "sun_cream",
        "2027-02-03",
        "2028-02-03",
    )
    assert yaml.safe_load((project / files[1]).read_text("utf-8"))["nlu"][-1]["intent"] == "sun_cream"
    assert {"sun_cream": {"use_entities": []}} in yaml.safe_load((project / files[2]).read_text("utf-8"))[
        "intents"
    ]
    rule = yaml.safe_load((project / files[3]).read_text("utf-8"))["rules"][0]
    assert {"intent": "sun_cream"} in rule["steps"][0]["or"]


@pytest.mark.parametrize(
    ("name", "topic", "says"),
    [
        ("Sun Cream", "handling", "is no id"),
        ("storage", "handling", "exists: data/facts/dosing.yml"),
        ("sun_cream", "gardening", "There is no topic 'gardening'. Take one of: basics"),
    ],
)
def test_what_cannot_be_begun_changes_nothing(project: Path, name: str, topic: str, says: str) -> None:
    facts.load.cache_clear()
    before = {p: p.read_bytes() for p in project.rglob("*.yml")}
    with pytest.raises(ValueError, match=says):
        new_fact.begin(name, topic, project, project / "data")
    assert before == {p: p.read_bytes() for p in project.rglob("*.yml")}
