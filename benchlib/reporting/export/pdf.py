"""From an executed notebook to a PDF: the same content as the HTML, tagged for screen readers (PDF/UA-1).

Typst sets it without a browser or display. It reads nothing but the template, the content and the fonts, so the same notebook
gives the same bytes on every machine.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import typst

from benchlib.errors import ReportError
from benchlib.reporting.base import METADATA_KEY
from benchlib.reporting.export.letters import FONT_FOLDER, OTHER_FONT, other_font_folder
from benchlib.reporting.export.page import language_of, read_page
from benchlib.reporting.export.pdf_content import content_files
from benchlib.reporting.words import Words
from benchlib.terms import Language

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATE_FOLDER: Final = Path(__file__).parent / "template"
_TEMPLATES: Final = ("report.typ", "report-base.typ", "report-table.typ")
#: Accessible PDF, ISO 14289-1; Typst refuses to write it when something is missing.
_STANDARD: Final = "ua-1"


def export_pdf(notebook: NotebookNode, *, language: Language | None = None) -> bytes:
    """Return the report in an executed notebook as PDF.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.
    language : {"lv", "en"}, optional
        Language of the report; by default the one that the notebook was run with, else Latvian.

    Returns
    -------
    bytes
        An accessible PDF (PDF/UA-1) in A4; the same notebook gives the same bytes.

    Raises
    ------
    ReportError
        If a figure lacks its alt text or cannot be read, or a block is broken; the message names the cell.
    """
    page = read_page(notebook, Words(language or language_of(notebook)))
    files = content_files(page, _year(notebook))
    try:
        return compile_template(files)
    except typst.TypstError as error:
        raise _explained(error, notebook, files) from error


def _year(notebook: NotebookNode) -> str:
    """Return the year that the report is about; the day on which it was made would change the bytes."""
    return str(notebook.metadata.get(METADATA_KEY, {}).get("parameters", {}).get("year", ""))


def compile_template(files: dict[str, bytes], format: str = "pdf", **options: Any) -> Any:
    """Return what Typst makes of the template and the content.

    Parameters
    ----------
    files : dict of str to bytes
        From `content_files`.
    format : {"pdf", "png"}, default "pdf"
        "png" gives a list of pages to look at.
    **options
        Further arguments of `typst.compile`, `ppi` for pictures.

    Raises
    ------
    typst.TypstError
        If the content cannot be set.
    """
    if format == "pdf":
        options = {"pdf_standards": [_STANDARD], **options}
    templates = {name: (TEMPLATE_FOLDER / name).read_bytes() for name in _TEMPLATES}
    with TemporaryDirectory(prefix="benchlib-pdf-") as folder:  # Typst takes pictures from files only
        for name, content in {**templates, **files}.items():
            Path(folder, name).write_bytes(content)
        return typst.compile(
            str(Path(folder, _TEMPLATES[0])),
            root=folder,
            font_paths=_fonts(OTHER_FONT.encode() in files["report.json"]),
            ignore_system_fonts=True,
            format=format,
            **options,
        )


@cache
def _fonts(needs_other: bool) -> typst.Fonts:
    """Return the house's font, Typst's own (for printed text), and, where a letter needs it, matplotlib's."""
    others = [other_font_folder()] if needs_other else []
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONT_FOLDER, *others])


def _explained(error: typst.TypstError, notebook, files):
    return ReportError(error.diagnostic)
