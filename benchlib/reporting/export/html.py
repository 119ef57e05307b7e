"""From an executed notebook to one HTML file: text, figures and tables without the code.

The page stands alone: no request to anywhere. Its one script remembers the reader's text size and colours and lets the keyboard
scroll a table that is too wide; the Content-Security-Policy names it by its hash, so nothing else can run, and the page is whole
without it. Its content is that of `page.read_page`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from urllib.parse import quote

from nbconvert.exporters import TemplateExporter
from traitlets import List

from benchlib.errors import OptionError
from benchlib.reporting.export.page import language_of, read_page
from benchlib.reporting.words import Words
from benchlib.terms import Language, check_option

if TYPE_CHECKING:
    from jinja2 import Environment
    from nbformat import NotebookNode

#: What a page may link to: the list of all reports, the same report in a language, as PDF, and the notebook with the code.
Sibling: TypeAlias = Literal["index", "lv", "en", "pdf", "ipynb"]

TEMPLATE_FOLDER: Final = Path(__file__).parent / "template"
#: Each language in its own words: a reader who wants the other one may not know the one of the page.
_LANGUAGES: Final[dict[Language, str]] = {"lv": "Latviski", "en": "English"}


def export_html(
    notebook: NotebookNode, *, language: Language | None = None, links: Mapping[str, str] | None = None
) -> str:
    """Return the report in an executed notebook as one HTML page.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.
    language : {"lv", "en"}, optional
        Language of the report; by default the one that the notebook was run with, else Latvian.
    links : mapping, optional
        Names of files in the same folder to link to, by what they are: "ipynb" the notebook with the code, "pdf", "lv" and
        "en" the report in another language (the page's own is left out), "index" the list of all reports.

    Returns
    -------
    str
        The page; the same notebook and links give the same text.

    Raises
    ------
    ReportError
        If a figure of the report lacks its alt text, or a block is broken; the message names the cell.
    OptionError
        If a link is not one of those above, or not the plain name of a file.
    """
    body, _ = ReportExporter().from_notebook_node(notebook, {"language": language, "links": links})
    return body


class ReportExporter(TemplateExporter):
    """The exporter behind `export_html`; nbconvert and JupyterLab can call it too.

    ``jupyter nbconvert --to benchlib.reporting.export.html.ReportExporter notebook.ipynb``
    """

    export_from_notebook = "Report (benchlib)"
    file_extension = ".html"
    output_mimetype = "text/html"
    # The page is made from blocks; to colour code and clear outputs beforehand, and to validate after each step, is wasted.
    default_preprocessors: Any = List([])

    def __init__(self, **options: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            template_file="report.html.j2", template_paths=[str(TEMPLATE_FOLDER)], **options
        )

    def from_notebook_node(  # type: ignore[override]  # nbconvert's base says notebook, its templates return text
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and nbconvert's resources."""
        resources = dict(resources or {})
        language = resources.get("language") or language_of(nb)
        resources["page"] = read_page(nb, Words(language))
        resources["links"] = {key: href for key, href in _hrefs(resources.get("links")).items() if key != language}
        return super().from_notebook_node(nb, resources, **options)

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.filters["csp_hash"] = csp_hash
        environment.globals["languages"] = _LANGUAGES
        return environment


def csp_hash(text: str) -> str:
    """Return the hash by which a Content-Security-Policy names an inline style or script, without its quotes.

    Parameters
    ----------
    text : str
        Exactly what stands between the tags.

    Returns
    -------
    str
        For example "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".
    """
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _hrefs(links: Mapping[str, str] | None) -> dict[str, str]:
    """Return links by what they are, encoded; a name that could lead out of the folder is refused."""
    hrefs = {}
    for key, name in (links or {}).items():
        check_option("links", key, Sibling)
        if not _is_file_name(name):
            raise OptionError(
                f"links: {name!r:.80} ({key}) is not the name of a file beside the page. "
                "Give the name alone, without a folder or a scheme."
            )
        hrefs[key] = quote(name, safe="")
    return hrefs


def _is_file_name(name: object) -> bool:
    return isinstance(name, str) and name.isprintable() and name not in {"", ".", ".."} and not set(name) & set("/\\:")
