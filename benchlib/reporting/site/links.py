"""Links to the reports, and the lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from benchlib.reporting.site.layer_texts import Json
from benchlib.reporting.site.reports import Report, ReportFile
from benchlib.reporting.words import Words

#: Folder of the reports in the site.
FOLDER: Final = "reports"
#: Each language in its own words.
LANGUAGES: Final = {"lv": "Latviski", "en": "English"}
_KIND_LABELS: Final = {"html": "HTML", "pdf": "PDF", "ipynb": "Jupyter"}


def report_entries(reports: Sequence[Report], words: Words) -> list[Json]:
    """Reports for a list: those in the reader's language first, the latest year first.

    Parameters
    ----------
    reports : sequence of Report
        Reports.
    words : Words
        Language of the page.

    Returns
    -------
    list of dict
        `title`, `language`, `language_name`, `files` (`label`, `href` seen from the folder of the site, `size`, `kind`), `main` (the
        file that opens in the browser), `state` and `is_invented`.
    """
    ordered = sorted(reports, key=lambda report: (report.language != words.language, -(report.year or 0)))
    return [_entry(report, words) for report in ordered]


def _entry(report: Report, words: Words) -> Json:
    main = report.file("html") or report.file("pdf")
    return {
        "title": report.title,
        "language": report.language,
        "language_name": LANGUAGES[report.language],
        "year": report.year,
        "main": None if main is None else href_of(main),
        "files": [
            {
                "label": _KIND_LABELS[file.kind],
                "kind": file.kind,
                "href": href_of(file),
                "size": size_text(file.size, words),
            }
            for file in report.files
        ],
        "state": report.state,
        "is_invented": report.is_invented,
    }


def href_of(file: ReportFile) -> str:
    """Address of a file of a report, seen from the folder of the site; its name has been checked."""
    return f"{FOLDER}/{file.path.name}"


def size_text(size: int, words: Words) -> str:
    """Size of a file for people: "0,7 MB", "12 kB".

    Parameters
    ----------
    size : int
        Bytes.
    words : Words
        Language.

    Returns
    -------
    str
    """
    if size >= 100_000:
        return f"{words.number(size / 1e6, 1)}\N{NO-BREAK SPACE}MB"
    return f"{words.number(max(1.0, size / 1e3))}\N{NO-BREAK SPACE}kB"
