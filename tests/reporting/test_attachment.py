"""A file of data that comes with a report: written beside it, offered by the page, nothing but text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchlib.errors import OptionError
from benchlib.reporting import Attachment, attach, run_report, run_reports
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
    (tmp_path / "batch" / "bauskas-novads-2013-lv.plan.toml").unlink()
    assert run_reports(path, **asked).unchanged == frozenset()
    assert (tmp_path / "batch" / "bauskas-novads-2013-lv.plan.toml").exists()
