"""A file of data that comes with a report: written beside it, offered by the page, nothing but text."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchlib.errors import OptionError
from benchlib.reporting import Attachment, attach, run_report, run_reports
from benchlib.reporting.batch.attached import file_names
from benchlib.reporting.batch.progress import summary_of
from benchlib.reporting.batch.task import Outcome
from benchlib.reporting.blocks import block_from_json

HOSTILE = "</a><script>window.hacked=1</script> {{ 7*7 }} \u202e"


def test_there_and_back() -> None:
    block = attach("a = 1\n", "plan.toml", "The plan")
    assert block_from_json(block.to_json()) == block
    assert "href='data:application/octet-stream;base64,YSA9IDEK'" in str(block.__html__())


def test_what_it_contains_stays_text() -> None:
    html = str(attach(HOSTILE, "plan.toml", HOSTILE).__html__())
    assert "<script" not in html


@pytest.mark.parametrize(
    "suffix", ["html", "pdf", "ipynb", "../x", "/etc/x", ".hidden", "toml", "A.toml", "x y.toml", ""]
)
def test_a_suffix_that_is_none_is_refused(suffix: str) -> None:
    with pytest.raises(OptionError, match="suffix"):
        Attachment(suffix, "", "x")


@pytest.mark.notebook
def test_it_is_written_beside_the_page_and_again_if_it_is_lost(notebook: Callable[..., Path], tmp_path: Path) -> None:
    path = notebook("from benchlib.reporting import attach\nattach('a = 1', 'plan.toml', 'The plan')")
    out = tmp_path / "out"
    files = run_report(path, {"municipality": "Bauskas novads"}, out=out, formats=["html", "pdf"])
    assert (out / "bauskas-novads-2013-lv.plan.toml").read_text() == "a = 1"
    assert files.html is not None
    assert "The plan" in files.html.read_text("utf-8")
    asked = {"names": ["Bauskas novads"], "languages": ["lv"], "out": tmp_path / "batch", "formats": ["html"]}
    first = run_reports(path, **asked)
    assert set(first.records[0].files) == {"html", "plan.toml"}
    assert run_reports(path, **asked).unchanged == {"bauskas-novads-2013-lv"}
    plan = tmp_path / "batch" / "bauskas-novads-2013-lv.plan.toml"
    plan.unlink()
    assert run_reports(path, **asked).unchanged == frozenset()
    assert plan.exists()
    plan.write_text("a = 1  # filled in")
    assert run_reports(path, **asked).unchanged == {"bauskas-novads-2013-lv"}, (
        "what people wrote is no reason to run again"
    )
    changed = notebook("from benchlib.reporting import attach\nattach('a = 2', 'plan.toml', 'The plan')")
    batch = run_reports(changed, **asked)
    assert plan.read_text() == "a = 1  # filled in", "what people wrote is never replaced"
    assert (tmp_path / "batch" / "bauskas-novads-2013-lv.new.plan.toml").read_text() == "a = 2"
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(summary_of(batch))
    assert "bauskas-novads-2013-lv.plan.toml has your changes and stays as it is" in console.export_text()
    second = tmp_path / "batch" / "bauskas-novads-2013-lv.new.plan.toml"
    second.write_text("a = 2  # filled in")
    again = notebook("from benchlib.reporting import attach\nattach('a = 3', 'plan.toml', 'The plan')")
    third = run_reports(again, **asked).records[0].files["plan.toml"]["name"]
    assert second.read_text() == "a = 2  # filled in"
    assert (tmp_path / "batch" / third).read_text() == "a = 3"
    assert run_reports(again, **asked).unchanged == {"bauskas-novads-2013-lv"}


def outcome(content: str) -> Outcome:
    return Outcome("stem", {"html": b"page", "plan.toml": content.encode()})


def known(content: str) -> dict[str, dict[str, str]]:
    return {"plan.toml": {"sha256": hashlib.sha256(content.encode()).hexdigest()}}


@pytest.mark.parametrize(
    ("there", "before", "name"),
    [
        (None, {}, "stem.plan.toml"),
        ("new", {}, "stem.plan.toml"),
        ("old", known("old"), "stem.plan.toml"),
        ("filled in", known("old"), "stem.new.plan.toml"),
        ("whose?", {}, "stem.new.plan.toml"),
    ],
)
def test_only_what_nobody_touched_is_replaced(tmp_path: Path, there: str | None, before: Any, name: str) -> None:
    (tmp_path / "stem.html").write_text("an old page")
    if there is not None:
        (tmp_path / "stem.plan.toml").write_text(there)
    assert file_names(tmp_path, outcome("new"), before) == {"html": "stem.html", "plan.toml": name}


@pytest.mark.parametrize(
    ("second", "third", "before", "name"),
    [
        ("written", None, known("written"), "stem.new.plan.toml"),
        ("filled in too", None, known("written"), "stem.new2.plan.toml"),
        ("filled in too", "written", known("written"), "stem.new2.plan.toml"),
        ("filled in too", "and this", known("written"), "stem.new3.plan.toml"),
        ("filled in too", "new", {}, "stem.new2.plan.toml"),
    ],
)
def test_a_new_one_that_was_worked_on_is_kept_as_well(
    tmp_path: Path, second: str, third: str | None, before: Any, name: str
) -> None:
    (tmp_path / "stem.plan.toml").write_text("filled in")
    (tmp_path / "stem.new.plan.toml").write_text(second)
    if third is not None:
        (tmp_path / "stem.new2.plan.toml").write_text(third)
    assert file_names(tmp_path, outcome("new"), before)["plan.toml"] == name
