"""The content of an executed notebook in the order of reading: what HTML and PDF are both made from.

The content is taken from the blocks that the outputs carry. What a researcher prints besides them appears as plain text, and a
picture without a description with a caution.
"""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from markupsafe import Markup

from benchlib.errors import OptionError, ReportError
from benchlib.reporting.attachment import Attachment
from benchlib.reporting.base import METADATA_KEY, Block, clean_text
from benchlib.reporting.blocks import (
    PICTURE_TYPES,
    Figure,
    Heading,
    Note,
    PictureFormat,
    block_from_json,
)
from benchlib.reporting.words import Words, slug
from benchlib.terms import Access, Language

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: Cells with this tag are left out of the report.
HIDDEN_TAG: Final = "remove-output"
#: Cells that set parameters: the notebook's own, then that of a run. The last one counts.
_PARAMETER_TAGS: Final = {"parameters", "injected-parameters"}
#: A parameter that is a word, as such a cell sets it.
_WORD_SET: Final = re.compile(r"""^(language|access)\b[^=\n]*=\s*["'](\w+)["']""", re.MULTILINE)
#: The picture in what `Figure.__html__` writes.
_PICTURE_IN_HTML: Final = re.compile(r"<img src='data:[^;']+;base64,([^']*)'")
#: The output of cells with this tag becomes the footer.
PROVENANCE_TAG: Final = "provenance"
#: Colours, cursor moves and window titles, as programs send them to a terminal.
_TERMINAL_CODES: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")


@dataclass(frozen=True)
class PlainText:
    """What a researcher printed: shown as it is, in one type width."""

    text: str

    def __html__(self) -> Markup:
        return Markup("<pre class='printed'>{}</pre>").format(self.text)


@dataclass
class Section:
    """A level 2 heading with its anchor, and what stands below it; the first section has no heading."""

    heading: str = ""
    anchor: str = ""
    parts: list[Block | PlainText] = field(default_factory=list)


@dataclass
class Page:
    """All that the template needs, in the order of reading."""

    words: Words
    title: str
    sections: list[Section]
    provenance: list[Section]
    access: Access = "public"
    version: str = field(default_factory=lambda: version("benchlib"))

    @property
    def attachments(self) -> list[Attachment]:
        """Files of data that come with the report."""
        return [part for part in self._parts() if isinstance(part, Attachment)]

    @property
    def is_invented(self) -> bool:
        """Whether a remark of the report says that figures are invented; then every page says it."""
        return any(isinstance(part, Note) and part.note == "invented" for part in self._parts())

    @property
    def is_closed(self) -> bool:
        """Whether the report was made with what is for members only, or says so; then every page says it."""
        return self.access == "members" or any(isinstance(p, Note) and p.note == "closed" for p in self._parts())

    @property
    def warning(self) -> str:
        """What stands on every page of a report with invented figures or for members only; "" for all others."""
        _ = self.words.gettext
        invented = _("Invented figures: this report, or a part of it, is made up as an example.")
        closed = _("For members only: do not publish this report or pass it on.")
        return " ".join(text for text, holds in ((invented, self.is_invented), (closed, self.is_closed)) if holds)

    def _parts(self) -> Iterator[Block | PlainText]:
        return (part for section in (*self.sections, *self.provenance) for part in section.parts)


def language_of(notebook: NotebookNode) -> Language:
    """Return the language that a notebook was run with: from its metadata, or what its cells of parameters set.

    papermill and `run_report` note it in the metadata; JupyterLab and jupyter-scheduler do not.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.

    Returns
    -------
    {"lv", "en"}
        Latvian if nothing is noted.
    """
    return cast(Language, next((word for word in _words_set(notebook, "language") if word in get_args(Language)), "lv"))


def access_of(notebook: NotebookNode) -> Access:
    """Return who may see a report: "members" as soon as one place of the notebook says so.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.

    Returns
    -------
    {"public", "members"}
        A copy that was run again in JupyterLab may carry the metadata of the run before; when in doubt, a report is closed.
    """
    return "members" if "members" in _words_set(notebook, "access") else "public"


def _words_set(notebook: NotebookNode, name: str) -> list[str]:
    """What the metadata and the cells of parameters say that a parameter is; of the cells the last that sets it counts."""
    noted = [notebook.metadata.get(key, {}).get("parameters", {}).get(name) for key in (METADATA_KEY, "papermill")]
    sources = (cell.source for cell in notebook.cells if _PARAMETER_TAGS & set(cell.metadata.get("tags", [])))
    set_there = [word for source in sources for parameter, word in _WORD_SET.findall(source) if parameter == name]
    return [word for word in (*noted, *set_there[-1:]) if isinstance(word, str)]


def read_page(notebook: NotebookNode, words: Words) -> Page:
    """Return the content of an executed notebook, in the order of its cells.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.
    words : Words
        Language of the report.

    Raises
    ------
    ReportError
        If a block of a cell is broken.
    """
    page = Page(words, "", [Section()], [], access_of(notebook))
    anchors: set[str] = set()
    for number, cell in enumerate(notebook.cells, start=1):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or HIDDEN_TAG in tags:
            continue
        place = page.provenance if PROVENANCE_TAG in tags else page.sections
        for output in cell.outputs:
            for part in _parts(output, number, words):
                _place(part, page, place, anchors)
    page.title = page.title or notebook.metadata.get("title") or words.gettext("Report")
    return page


def _place(part: Block | PlainText, page: Page, place: list[Section], anchors: set[str]) -> None:
    """Put a part where it belongs: the first level 1 heading is the title, level 1 and 2 open sections."""
    if isinstance(part, Heading) and part.level == 1 and not page.title:
        page.title = part.text
    elif isinstance(part, Heading) and part.level <= 2:
        place.append(Section(part.text, _anchor(part.text, anchors)))
    else:
        if not place:
            place.append(Section())
        place[-1].parts.append(part)


def _anchor(text: str, taken: set[str]) -> str:
    word = slug(text)
    anchor = next(name for n in range(1, len(taken) + 2) if (name := word if n == 1 else f"{word}-{n}") not in taken)
    taken.add(anchor)
    return anchor


def _parts(output: Mapping[str, Any], number: int, words: Words) -> Iterator[Block | PlainText]:
    """Yield what an output adds to the page. Python's warnings (stderr) stay in the notebook."""
    try:
        blocks = blocks_from_output(output)
    except OptionError as error:
        raise ReportError(f"Cell {number} of the notebook does not make a report: {error}") from error
    for block in blocks:
        yield _labelled(block, words) if isinstance(block, Note) else block
    if not blocks:
        yield from _ordinary(output, number, words)


def _labelled(note: Note, words: Words) -> Note:
    labels = {
        "info": words.gettext("Note"),
        "caution": words.gettext("Caution"),
        "invented": words.gettext("Invented figures"),
        "closed": words.gettext("For members only"),
    }
    return dataclasses.replace(note, label=note.label or labels[note.note])


def blocks_from_output(output: Mapping[str, Any]) -> list[Block]:
    """Return the blocks that an output of a notebook carries; none for an ordinary output.

    Parameters
    ----------
    output : mapping
        An output of a code cell, as in the notebook format.

    Returns
    -------
    list of Block

    Raises
    ------
    OptionError
        If the output claims to carry blocks but does not (for example a figure without alt text).
    """
    carried = output.get("metadata", {}).get(METADATA_KEY, [])
    return [
        block_from_json({**about, "image": _shown_picture(output["data"])})
        if about.get("block") == "figure"
        else block_from_json(about)
        for about in carried
    ]


def _shown_picture(data: Mapping[str, Any]) -> str:
    """Return the picture in the HTML of a figure as base64 text, empty if there is none."""
    found = _PICTURE_IN_HTML.search("".join(data.get("text/html", "")))
    return found[1] if found else ""


def _picture(data: Mapping[str, Any], format_: str) -> str:
    """Return the picture of an ordinary output as base64 text, empty if there is none."""
    content = "".join(data.get(PICTURE_TYPES.get(format_, ""), ""))
    return base64.b64encode(content.encode("utf-8")).decode("ascii") if format_ == "svg" else content


def _ordinary(output: Mapping[str, Any], number: int, words: Words) -> Iterator[Block | PlainText]:
    """Yield an output that is not made of blocks: pictures as figures, everything else as plain text."""
    data = output.get("data", {})
    format_ = next((name for name, mime in PICTURE_TYPES.items() if mime in data), None)
    if format_ is not None:
        about = output.get("metadata", {}).get(PICTURE_TYPES[format_], {})
        unknown = words.gettext("Picture without a description, from cell {number} of the notebook.")
        alt = about.get("alt") or unknown.format(number=number)
        if not about.get("alt"):
            yield _labelled(Note(alt, "caution"), words)
        image = base64.b64decode(_picture(data, format_))
        yield Figure(image, alt, width_px=int(about.get("width", 640)), format=cast(PictureFormat, format_))
        return
    printed = data.get("text/markdown") or data.get("text/plain") or ""
    if output["output_type"] == "stream" and output["name"] == "stdout":
        printed = output["text"]
    elif output["output_type"] == "error":
        printed = f"{output['ename']}: {output['evalue']}"
    text = clean_text("What a cell prints", _TERMINAL_CODES.sub("", "".join(printed))).strip("\n")
    if text.strip():
        yield PlainText(text)
