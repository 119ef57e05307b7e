"""From an executed notebook to one HTML file: text, figures and tables without the code.

The page stands alone: no request to anywhere, no script. Its content is that of `page.read_page`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nbconvert.exporters import TemplateExporter

from benchlib.reporting.export.page import language_of, read_page
from benchlib.reporting.words import Words
from benchlib.terms import Language

if TYPE_CHECKING:
    from jinja2 import Environment
    from nbformat import NotebookNode


TEMPLATE_FOLDER: Final = Path(__file__).parent / "template"


def export_html(notebook: NotebookNode, *, language: Language | None = None) -> str:
    """Return the report in an executed notebook as one HTML page.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.
    language : {"lv", "en"}, optional
        Language of the report; by default the one that the notebook was run with, else Latvian.

    Returns
    -------
    str
        The page; the same notebook gives the same text.

    Raises
    ------
    ReportError
        If a figure of the report lacks its alt text, or a block is broken; the message names the cell.
    """
    resources = {"language": language} if language else {}
    body, _ = ReportExporter().from_notebook_node(notebook, resources)
    return body


class ReportExporter(TemplateExporter):
    """The exporter behind `export_html`; nbconvert and JupyterLab can call it too.

    ``jupyter nbconvert --to benchlib.reporting.export.html.ReportExporter notebook.ipynb``
    """

    export_from_notebook = "Report (benchlib)"
    file_extension = ".html"
    output_mimetype = "text/html"

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
        return super().from_notebook_node(nb, resources, **options)

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        environment.trim_blocks = environment.lstrip_blocks = True
        return environment
