"""`check_data` finds what is wrong with a data folder: each kind of problem once."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from made_up import replace_in

from benchlib.indicators import check, check_data, load_registry
from benchlib.indicators.territory import Link, crosswalk


def renew_receipt(folder: Path, source: str) -> None:
    """Write the present hash of a source's file into the registry, as somebody would who wants the change."""
    path = folder / "registry.toml"
    entry = next(entry for entry in load_registry.__wrapped__(folder).sources if entry.id == source)
    replace_in(path, entry.sha256, hashlib.sha256((folder / entry.file).read_bytes()).hexdigest())


def test_copy_of_the_shipped_folder_is_whole(copied: Path) -> None:
    assert check_data(copied) == []


def test_broken_catalogue_is_the_one_problem(copied: Path) -> None:
    (copied / "registry.toml").write_text("[measures", encoding="utf-8")
    (problem,) = check_data(copied)
    assert "registry.toml is not valid TOML" in problem


def test_every_broken_file_is_reported(copied: Path) -> None:
    (copied / "figures" / "csb_libraries.csv").unlink()
    replace_in(copied / "figures" / "csb_ire031.csv", "588911", "58891l")
    problems = check_data(copied)
    assert len(problems) == 2
    assert "csb_ire031.csv, row 2, column value: '58891l'" in problems[0]
    assert "csb_libraries.csv cannot be read" in problems[1]


def test_changed_figure_is_noticed(copied: Path) -> None:
    replace_in(copied / "figures" / "csb_ire031.csv", "588911", "588912")
    (problem,) = check_data(copied)
    assert "sha256 expected" in problem


def test_file_that_nobody_registered(copied: Path) -> None:
    (copied / "figures" / "stray.csv").write_text("a,b\n", encoding="utf-8")
    (problem,) = check_data(copied)
    assert "stray.csv has no entry in registry.toml" in problem


def test_parts_that_do_not_add_up(copied: Path) -> None:
    path = copied / "figures" / "csb_trs020.csv"
    line = re.search(r"^0025000,2024,state_roads_length,(\d+),.*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert line is not None
    replace_in(path, line[0], line[0].replace(line[1], str(int(line[1]) + 100)))
    renew_receipt(copied, "csb_trs020")
    problems = check_data(copied)
    assert any(p.startswith("roads_total_length of 0025000 in 2024 differs") for p in problems)
    assert any(p.startswith("state_roads_length of 0025000 in 2024 differs") for p in problems)
    assert len(problems) == 2


def test_network_with_an_unknown_member(copied: Path) -> None:
    replace_in(copied / "catalogue" / "networks.toml", "Gulbenes novads", "Gulbines novads")
    (problem,) = check_data(copied)
    assert problem.startswith("networks.toml, T3: ")
    assert "Nearest: Gulbenes novads" in problem


@pytest.mark.parametrize(
    ("link", "message"),
    [
        (Link("0400200", "0025000", 0.9, 1.0, ""), "the population shares of 0400200 add up to 0.9000, not 1"),
        (Link("0400200", "0025000", 1.0, 0.9, ""), "the area shares of 0400200 add up to 0.9000, not 1"),
        (Link("0400200", "0025999", 1.0, 1.0, ""), "0400200 passes into 0025999, which is not a unit of 2021"),
    ],
)
def test_broken_reform(monkeypatch: pytest.MonkeyPatch, link: Link, message: str) -> None:
    def broken(old: str, new: str) -> tuple[Link, ...]:
        links = crosswalk(old, new)  # type: ignore[arg-type]
        return tuple(link if each.old == link.old else each for each in links)

    monkeypatch.setattr(check, "crosswalk", broken)
    assert [problem for problem in check_data() if message in problem]
