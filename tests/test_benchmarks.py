"""The harness of the benchmarks: what it counts and prints. Nothing here looks at a clock's value."""

from __future__ import annotations

import pytest

from benchmarks.measure import Row, Skipped, alternate, readable, table


def test_subject_and_peer_take_turns_after_one_untimed_run_each() -> None:
    calls: list[str] = []
    alternate(lambda: calls.append("subject"), lambda: calls.append("peer"), runs=3)
    assert calls == ["subject", "peer"] * 4


@pytest.mark.parametrize(("seconds", "shown"), [(12.345, "12.3 s"), (0.0623, "62.3 ms"), (0.00067, "670 µs")])
def test_readable(seconds: float, shown: str) -> None:
    assert readable(seconds) == shown


def test_table_shows_ratio_and_verdict_and_says_what_was_not_measured() -> None:
    rows: list[Row | Skipped] = [
        Row("store", 0.5, 2.0, "pandas", 0.25, ("ten files",)),
        Row("panel", 0.1, 0.05, "filter", 0.2),
        Row("dea", 0.001, None, "HiGHS", 0.1),
        Skipped("report", "no notebook"),
    ]
    lines = table(rows).splitlines()
    store, panel, dea = (next(line for line in lines if line.startswith(name)) for name in ("store", "panel", "dea"))
    assert store.split("  ")[0].strip() == "store"
    assert "within" in store
    assert "2 x" in store
    assert "OVER" in panel
    assert "0.5 x" in panel
    assert "within" not in dea + panel
    assert "store: ten files" in lines
    assert lines[-1] == "report: not measured, no notebook"
