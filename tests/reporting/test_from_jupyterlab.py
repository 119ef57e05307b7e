"""Notebooks that were run in JupyterLab or by jupyter-scheduler: exported, they are what they would be as a run of benchlib."""

from __future__ import annotations

import base64
import tempfile

import pytest
from nbformat import v4

from benchlib.reporting.blocks import Figure
from benchlib.reporting.export.html import export_html
from benchlib.reporting.export.page import blocks_from_output
from benchlib.reporting.normalise import normalise

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>"


@pytest.mark.parametrize(
    ("own", "injected", "language"),
    [
        ('language: str = "en"  # lv or en', None, "en"),
        ("year = 2013\nlanguage = 'lv'", 'seed = 1\nlanguage = "en"', "en"),
        ('language = "en"', "year = 2012", "en"),
        ('language = "de"\nlanguages = "en"', None, "lv"),
    ],
)
def test_the_language_is_that_of_the_parameters_where_nothing_is_noted(
    own: str, injected: str | None, language: str
) -> None:
    cells = [v4.new_code_cell(own, metadata={"tags": ["parameters"]})]
    cells += [v4.new_code_cell(injected, metadata={"tags": ["injected-parameters"]})] if injected else []
    assert f'<html lang="{language}">' in export_html(v4.new_notebook(cells=cells))


@pytest.mark.parametrize(("image", "format_"), [(SVG, "svg"), (base64.b64decode("iVBORw0KGgoAAAAN"), "png")])
def test_a_figure_comes_back_from_what_jupyterlab_shows(image: bytes, format_: str) -> None:
    figure = Figure(image, "alt 'x' <b>", "src='data:image/png;base64,AAAA'", 500, format_)  # type: ignore[arg-type]
    data, metadata = figure._repr_mimebundle_()
    assert blocks_from_output(v4.new_output("display_data", data=data, metadata=metadata)) == [figure]


def test_normalising_leaves_the_picture_of_a_figure_alone() -> None:
    """As base64, a picture may spell the name of a folder by chance."""
    folder = tempfile.gettempdir()
    image = base64.b64decode("AAAA/tmp/tmp/tmp" if folder == "/tmp" else "AAAA")
    data, metadata = Figure(image, "alt")._repr_mimebundle_()
    output = v4.new_output("display_data", data=data, metadata=metadata)
    notebook = v4.new_notebook(cells=[v4.new_code_cell("1", outputs=[output])])
    normalise(notebook, {"year": 2013}, "small")
    assert blocks_from_output(notebook.cells[0].outputs[0]) == [Figure(image, "alt")]
