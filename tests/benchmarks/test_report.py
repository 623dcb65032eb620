"""The tables and files of a run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from benchmarks import report
from benchmarks.figures import Sample
from benchmarks.measure import QUICK, Cell, Figures, cells
from benchmarks.processes import Finished
from benchmarks.report import Run


def figures(milliseconds: float, start: float, memory: dict[str, float], streams: bool = True) -> Figures:
    sample = Sample((milliseconds, 2 * milliseconds), milliseconds / 1000, processor_s=milliseconds / 500)
    samples = {cell: [sample] for cell in cells(QUICK, streams)}
    return Figures(samples, [start, start + 1, start + 2], [start], [memory], [0.0])


def example() -> Run:
    return Run(
        command="python -m benchmarks",
        date="2026-01-01 00:00 UTC",
        machine={"processor": "a small one"},
        load=(0.1, 1.2),
        effort=QUICK,
        is_quick=False,
        epochs=100,
        distinct={"emergency": 20},
        found={
            "floor": figures(0.2, 1.0, {"bot": 30.0}, streams=False),
            "ours": figures(5.0, 3.0, {"bot": 250.0}),
            "default": figures(50.0, 29.0, {"bot": 1200.0, "action server": 50.0}),
        },
        training={
            "ours": Finished(30.0, 25.0, 700.0, 1.0, "2026-01-01"),
            "default": Finished(600.0, 900.0, 1400.0, 1.0, "2026-01-01"),
        },
    )


def without_default() -> Run:
    run = example()
    found = {name: value for name, value in run.found.items() if name != "default"}
    return replace(run, found=found, epochs=None, training={"ours": run.training["ours"]})


def test_the_ratio_table_is_ours_by_the_default() -> None:
    line = next(
        line for line in report.ratio_table(example()).splitlines() if line.startswith("| fact, 1 user")
    )
    assert [part.strip() for part in line.strip("|").split("|")] == [
        "fact, 1 user",
        *("0.1", "0.1", "0.1"),
        *("10", "0.1"),
    ]


def test_the_ratio_table_is_empty_without_the_default() -> None:
    assert len(report.ratio_table(without_default()).splitlines()) == 2


def test_memory_is_compared_with_and_without_the_action_server() -> None:
    rows = {label: share for label, _, _, share in report.comparison(example())}
    assert rows["memory after the load, MiB: all processes"] == 0.2
    assert rows["memory after the load, MiB: without the action server"] == 0.208


def test_start_is_the_median_of_the_rounds() -> None:
    rows = {label: (ours, default) for label, ours, default, _ in report.comparison(example())}
    assert rows["start to first answer, s"] == (4.0, 30.0)


def test_training_is_compared_where_both_were_trained() -> None:
    rows = {label: (ours, default) for label, ours, default, _ in report.comparison(example())}
    assert rows["training, s"] == (30.0, 600.0)


def test_training_is_left_out_where_ours_was_taken_as_it_is() -> None:
    run = example()
    run = replace(run, training={"default": run.training["default"]})
    assert not [label for label, *_ in report.comparison(run) if "training" in label]


def test_without_the_default_there_is_nothing_to_compare_with() -> None:
    assert {(other, share) for _, _, other, share in report.comparison(without_default())} == {(None, None)}


def test_a_quick_run_says_so() -> None:
    assert "Quick run" in report.to_markdown(replace(example(), is_quick=True), "p.png")


def test_a_full_run_does_not_say_that_it_was_quick() -> None:
    assert "Quick run" not in report.to_markdown(example(), "p.png")


def test_a_noisy_machine_is_named() -> None:
    run = example()
    run.found["ours"].others[:] = [1.4]
    assert "not quiet" in report.to_markdown(run, "p.png")


def test_a_quiet_machine_is_not_called_noisy() -> None:
    assert "not quiet" not in report.to_markdown(example(), "p.png")


def test_the_files_of_a_run_are_written(tmp_path: Path) -> None:
    report.write(example(), tmp_path)
    result = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert result["systems"]["ours"]["answers"]["fact, 1 user"]["p50_ms"] == 5.0
    assert result["latency_ours_by_default"]["emergency, message 1 streamed, 16 users"]["p50"] == 0.1
    assert "Ours / default" in (tmp_path / "results.md").read_text("utf-8")
    assert 1_000 < (tmp_path / "latency.png").stat().st_size < 150_000


def test_the_files_of_a_run_without_the_default_are_written(tmp_path: Path) -> None:
    report.write(without_default(), tmp_path)
    result = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert result["latency_ours_by_default"] == {}
    assert "was left out" in (tmp_path / "results.md").read_text("utf-8")
    assert (tmp_path / "latency.png").is_file()


def test_a_streamed_cell_has_a_title_of_its_own() -> None:
    assert Cell("emergency", 1, True).title != Cell("emergency", 1).title
