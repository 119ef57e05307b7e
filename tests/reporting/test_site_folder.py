"""The folder of a site: nothing half there, nothing stale, and nobody else's files touched."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from benchlib.errors import OptionError, ReportError
from benchlib.reporting.site.build import build_site
from benchlib.reporting.site.folder import MARKER, draft_of


def put(out: Path, **files: str) -> None:
    with draft_of(out) as draft:
        for name, text in files.items():
            path = draft / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")


def seen(out: Path) -> dict[str, str]:
    return {
        p.relative_to(out).as_posix(): p.read_text("utf-8") for p in out.rglob("*") if p.is_file() and p.name != MARKER
    }


def test_a_rebuilt_site_has_no_stale_page_and_keeps_what_is_not_its_own(tmp_path: Path) -> None:
    out = tmp_path / "new" / "site"
    put(out, index="1", old__page="1", both="1")
    (out / "CNAME").write_text("example.lv", encoding="utf-8")
    (out / "old" / "mine.txt").write_text("mine", encoding="utf-8")
    put(out, index="2", both="2", fresh__page="2")
    assert seen(out) == {"index": "2", "both": "2", "fresh/page": "2", "CNAME": "example.lv", "old/mine.txt": "mine"}
    (out / "old" / "mine.txt").unlink()
    (out / "old").rmdir()
    put(out, index="3")
    assert seen(out) == {"index": "3", "CNAME": "example.lv"}
    assert not (out / "fresh").exists()


def test_a_folder_of_somebody_elses_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OptionError, match=r"not empty.*'thesis.txt'.*Name an empty or a new folder"):
        build_site(tmp_path)
    with pytest.raises(OptionError, match="is a file"):
        build_site(tmp_path / "thesis.txt")
    assert seen(tmp_path) == {"thesis.txt": "years of work"}


def test_an_empty_folder_and_what_a_killed_build_left_are_taken(tmp_path: Path) -> None:
    left = tmp_path / ".benchlib-draft-99999999"
    left.mkdir()
    (left / "half").write_text("half a page", encoding="utf-8")
    put(tmp_path, index="1")
    assert seen(tmp_path) == {"index": "1"}
    assert not left.exists()


def test_a_build_that_fails_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "site"
    put(out, index="1", page="1")

    def fail() -> None:
        with draft_of(out) as draft:
            (draft / "index").write_text("2", encoding="utf-8")
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - whatever it is
        fail()
    assert seen(out) == {"index": "1", "page": "1"}
    assert not list(tmp_path.rglob(".benchlib*"))


def test_an_interrupted_swap_is_mended_by_the_next_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Power cut between two files: new and old pages stand side by side, and the marker knows them all."""
    out = tmp_path / "site"
    put(out, index="1", gone="1")
    real, moved = Path.replace, []

    def replace(self: Path, target: Path) -> Path:
        if Path(target).name == "index":
            raise OSError(28, "No space left on device")
        moved.append(target)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(ReportError, match=r"cannot be written.*No space left.*Free some space"):
        put(out, index="2", added="2")
    monkeypatch.undo()
    assert seen(out) == {"index": "1", "gone": "1", "added": "2"}
    put(out, index="3")
    assert seen(out) == {"index": "3"}


def test_a_forged_marker_deletes_nothing_outside(tmp_path: Path) -> None:
    out = tmp_path / "site"
    put(out, index="1")
    (tmp_path / "precious").write_text("x", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "kept").write_text("x", encoding="utf-8")
    (out / "door").symlink_to(tmp_path / "folder")
    names = [
        "../precious",
        str(tmp_path / "precious"),
        "door/kept",
        "..\\precious",
        "nul\0",
        "a/../../precious",
        "",
        ".",
        7,
        None,
        "index",
    ]
    (out / MARKER).write_text(json.dumps({"files": names}), encoding="utf-8")
    put(out, page="2")
    assert (tmp_path / "precious").exists()
    assert (tmp_path / "folder" / "kept").exists()
    assert not (out / "index").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_an_error_in_words(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ReportError, match="Check the permissions"):
        put(tmp_path / "site", index="1")


def test_the_site_opens_to_others(tmp_path: Path) -> None:
    """A folder made for nobody but its owner would be a site that no server can read."""
    mask = os.umask(0o022)
    try:
        put(tmp_path / "site", index="1")
    finally:
        os.umask(mask)
    assert (tmp_path / "site").stat().st_mode & 0o055 == 0o055
