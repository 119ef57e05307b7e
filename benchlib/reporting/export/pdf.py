"""From an executed notebook to a PDF: the same content as the HTML, tagged for screen readers (PDF/UA-1).

Typst sets it without a browser or display. It reads nothing but the template, the content and the fonts, so the same notebook
gives the same bytes on every machine. Typst keeps threads: a process that has made a PDF must not be forked to make another.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Literal

import typst

from benchlib.errors import ReportError
from benchlib.reporting.base import METADATA_KEY
from benchlib.reporting.export.letters import FONT_FOLDER, OTHER_FONT, other_font_folder
from benchlib.reporting.export.page import language_of, read_page
from benchlib.reporting.export.pdf_content import CONTENT_FILE, content_files
from benchlib.reporting.words import Words
from benchlib.terms import Language

if TYPE_CHECKING:
    from nbformat import NotebookNode

Format = Literal["pdf", "png"]

TEMPLATE_FOLDER: Final = Path(__file__).parent / "template"
_TEMPLATES: Final = ("report.typ", "report-base.typ", "report-table.typ")
#: Accessible PDF, ISO 14289-1; Typst refuses to write it when something is missing.
_STANDARD: Final[Literal["ua-1"]] = "ua-1"
_ONE_PICTURE: Final = '#set document(title: "-")\n#image("{name}", alt: "-")'


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
        return b"".join(set_pages(files))
    except typst.TypstError as error:
        raise _explained(error, notebook, files) from error


def set_pages(files: dict[str, bytes], format: Format = "pdf", *, ppi: float = 72) -> list[bytes]:
    """Return what Typst makes of the template and the content of a report.

    Parameters
    ----------
    files : dict of str to bytes
        From `content_files`.
    format : {"pdf", "png"}, default "pdf"
        "png" gives the pages as pictures, to look at them.
    ppi : float, default 72
        Pixels per inch of pictures.

    Returns
    -------
    list of bytes
        One PDF, or a picture of each page.

    Raises
    ------
    typst.TypstError
        If the content cannot be set.
    """
    templates = {name: (TEMPLATE_FOLDER / name).read_bytes() for name in _TEMPLATES}
    fonts = _fonts(needs_other=f'"{OTHER_FONT}"'.encode() in files[CONTENT_FILE])
    made = _compile(templates | files, _TEMPLATES[0], format, fonts, ppi)
    return made if isinstance(made, list) else [made]


def _compile(files: dict[str, bytes], main: str, format: Format, fonts: typst.Fonts, ppi: float) -> Any:
    """Compile files in a private folder: Typst takes pictures from files only, and needs no other file."""
    try:
        with TemporaryDirectory(prefix="benchlib-pdf-") as folder:
            for name, content in files.items():
                Path(folder, name).write_bytes(content)
            return typst.compile(
                str(Path(folder, main)),
                root=folder,
                font_paths=fonts,
                ignore_system_fonts=True,
                format=format,
                ppi=ppi,
                pdf_standards=[_STANDARD] if format == "pdf" else [],
            )
    except OSError as error:
        raise ReportError(
            f"The PDF needs a folder for its pictures while it is made, and cannot have one: {error}. "
            "Free some space there, or name another folder in the environment variable TMPDIR."
        ) from error


@cache
def _fonts(needs_other: bool) -> typst.Fonts:
    """Return the house's font, Typst's own for printed text, and, where a letter needs it, matplotlib's."""
    others = [other_font_folder()] if needs_other else []
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONT_FOLDER, *others])


def _year(notebook: NotebookNode) -> str:
    """Return the year that the report is about; the day on which it was made would change the bytes."""
    return str(notebook.metadata.get(METADATA_KEY, {}).get("parameters", {}).get("year", ""))


def _explained(error: typst.TypstError, notebook: NotebookNode, files: dict[str, bytes]) -> ReportError:
    """Return an error that names the figure that cannot be read, if that is the fault."""
    pictures = {name: content for name, content in files.items() if name != CONTENT_FILE}
    for number, (name, picture) in enumerate(pictures.items(), start=1):
        source = _ONE_PICTURE.format(name=name).encode()
        try:
            _compile({"main.typ": source, name: picture}, "main.typ", "pdf", _fonts(needs_other=False), 72)
        except typst.TypstError as fault:
            return ReportError(
                f"Figure {number} of the report, from cell {_cell_of(picture, notebook)} of the notebook, cannot be printed: "
                f"{fault}. Draw it again and run the notebook; without it there is no PDF."
            )
    return ReportError(
        f"Typst cannot make the PDF of this report: {error}. The HTML of the same notebook can be used meanwhile; "
        "please report this as a fault of benchlib, with the notebook."
    )


def _cell_of(picture: bytes, notebook: NotebookNode) -> int | str:
    """Return the number of the cell whose output holds a picture."""
    coded = base64.b64encode(picture).decode("ascii")
    for number, cell in enumerate(notebook.cells, start=1):
        contents = ("".join(text) for output in cell.get("outputs", []) for text in output.get("data", {}).values())
        if any(f",{coded}'" in text or text in (coded, picture.decode(errors="replace")) for text in contents):
            return number
    return "?"
