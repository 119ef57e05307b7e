"""The PDF of a report beside a browser that prints the HTML of the same notebook."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import nbformat

from benchlib.reporting import run_report
from benchlib.reporting.export.html import export_html
from benchlib.reporting.export.pdf import export_pdf
from benchmarks.measure import Row, Skipped, alternate

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PRINT = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]


def pdf_of_a_report() -> Iterator[Row | Skipped]:
    """Pages set by Typst; each run has other words, for Typst remembers what it has set before."""
    what = "PDF of a report, pages set"
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        yield Skipped(what, "no browser to print with")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = run_report("municipality", {"municipality": "Bauskas novads"}, out=folder, formats=("ipynb",))
        text = (files.notebook or folder).read_text("utf-8")
        numbers = count(100)

        def ours() -> bytes:
            return export_pdf(nbformat.reads(text.replace("novads", f"nov{next(numbers)}"), 4))  # type: ignore[no-untyped-call]

        def peer() -> None:
            page = folder / "page.html"
            page.write_text(export_html(nbformat.reads(text, 4)), encoding="utf-8")  # type: ignore[no-untyped-call]
            subprocess.run(
                [browser, *PRINT, f"--print-to-pdf={folder / 'page.pdf'}", page.as_uri()],
                check=True,
                capture_output=True,
            )

        seconds, printed = alternate(ours, peer, runs=5)
        note = f"{len(ours()) / 1000:.0f} kB beside {(folder / 'page.pdf').stat().st_size / 1000:.0f} kB, reading the notebook included"
    yield Row(what, seconds, 0.3, "Chromium prints the HTML", printed, (note,))
