"""Build the site: gather, render, put in place."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchlib.reporting.site.download import downloads
from benchlib.reporting.site.folder import check_folder, draft_of
from benchlib.reporting.site.links import href_of
from benchlib.reporting.site.material import Material, gather
from benchlib.reporting.site.pages import render_pages

_DATA: Final = "data"


@dataclass(frozen=True)
class SiteFiles:
    """A finished site.

    Attributes
    ----------
    folder : pathlib.Path
        Where it lies.
    files : tuple of str
        All files by their path in the folder: pages, data and reports.
    size : int
        Bytes of all of them.
    left_out : tuple of str
        A line for each report, file or score that could not be taken, and why.
    """

    folder: Path
    files: tuple[str, ...] = field(repr=False)
    size: int
    left_out: tuple[str, ...]

    @property
    def index(self) -> Path:
        """The first page."""
        return self.folder / "index.html"


def build_site(out: str | Path, *, reports: str | Path | None = None, data: str | Path | None = None) -> SiteFiles:
    """Write the site on all municipalities: search, map, table, scores, networks, reports and data, in Latvian and English.

    It needs no server: the pages open from the folder itself, and from any place that hands out files. The same figures, reports
    and version give the same bytes. Nothing but public figures and the reports of public runs gets in.

    Parameters
    ----------
    out : str or pathlib.Path
        Folder for the site. It is made if needed; one that holds something else than a site of benchlib is refused. In a site of
        before, pages that are no longer made disappear, and files of your own stay.
    reports : str or pathlib.Path, optional
        Folder of a batch of reports, with `runs.json`. Its reports are linked from the pages; without it the site has none.
    data : str or pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    SiteFiles

    Raises
    ------
    OptionError
        If `out` is a file or holds something else than a site; nothing has been touched.
    ReportError
        If the list of reports cannot be read, or the folder cannot be written to; a site of before is as it was, or whole again
        after the next run.
    NoFiguresError
        If there is no public figure.
    """
    folder = Path(out)
    check_folder(folder)  # before seconds are spent on figures
    material = gather(None if data is None else Path(data), None if reports is None else Path(reports))
    with draft_of(folder) as draft:
        offered = downloads(material)
        sizes = {f"{_DATA}/{file.name}": _write(draft, f"{_DATA}/{file.name}", file.content) for file in offered}
        sizes |= {name: _write(draft, name, text.encode()) for name, text in render_pages(material, offered)}
        sizes |= _take_reports(material, draft)
    return SiteFiles(folder, tuple(sorted(sizes)), sum(sizes.values()), material.left_out)


def _write(draft: Path, name: str, content: bytes) -> int:
    path = draft / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_bytes(content)


def _take_reports(material: Material, draft: Path) -> dict[str, int]:
    """Give the reports a place in the site: a second name for the same file where the disk allows it, else a copy."""
    taken = {href_of(file): file for report in material.reports for file in report.files}
    for name, file in taken.items():
        (draft / name).parent.mkdir(exist_ok=True)
        try:
            os.link(file.path, draft / name)
        except OSError:
            shutil.copyfile(file.path, draft / name)
    return {name: file.size for name, file in taken.items()}
