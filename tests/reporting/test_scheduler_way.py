"""The notebooks in jupyter-scheduler, without it: it copies a notebook into an empty folder, writes `name = text` for each parameter into
a cell below the parameters cell, runs it with nbconvert, and exports what comes out.

(jupyter-scheduler 2.12.1: `parameterize.add_parameters` and `executors.DefaultExecutionManager.execute`.)
"""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbconvert
import nbformat
import papermill.inspection
import pytest
from nbclient.exceptions import CellExecutionError
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat import NotebookNode

from benchlib.errors import ParameterError
from benchlib.indicators import notebooks_folder
from benchlib.reporting.explorer import ExplorerParameters
from benchlib.reporting.export.html import export_html
from benchlib.reporting.parameters import Parameters
from benchlib.reporting.schemas import SCHEMAS, MunicipalityParameters

NOTEBOOKS: dict[str, type[Parameters]] = {**SCHEMAS, "explorer": ExplorerParameters}


def scheduled(folder: Path, name: str, parameters: dict[str, str], cells: int | None = None) -> NotebookNode:
    """Run a notebook the way jupyter-scheduler does; `cells` of it, or all."""
    staged = shutil.copy(notebooks_folder() / f"{name}.ipynb", folder / f"{name}.ipynb")
    notebook = nbformat.read(staged, as_version=4)
    source = "\n".join(f"{key} = {value}" for key, value in parameters.items())
    injected = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    tagged = [i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
    notebook.cells = [*notebook.cells[: tagged[0] + 1], injected, *notebook.cells[tagged[0] + 1 :]][:cells]
    preprocessor = ExecutePreprocessor(kernel_name=notebook.metadata.kernelspec["name"], store_widget_state=True)
    preprocessor.preprocess(notebook, {"metadata": {"path": str(folder)}})
    return notebook


@pytest.mark.notebook
def test_a_scheduled_report_is_the_report_that_was_asked_for(tmp_path: Path) -> None:
    asked = {"municipality": '"Cēsu novads"', "year": "2012", "language": '"en"', "territory": "2009"}
    notebook = scheduled(tmp_path, "municipality", asked | {"replications": "100"})
    html, _ = nbconvert.get_exporter("html")().from_notebook_node(notebook)
    assert "Cēsis municipality compared, 2012" in html
    report = export_html(notebook, language="en")
    assert "<title>Cēsis municipality compared, 2012" in report
    assert "2009" in re.sub(r"<[^>]+>", " ", report)
    assert [path.name for path in tmp_path.iterdir()] == ["municipality.ipynb"], "a run leaves nothing beside it"


@pytest.mark.notebook
@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"yaer": "2012", "municipality": '"Ogres novads"', "group": '"region"'}, "Did you mean 'year'?"),
        ({"year": '"2012"'}, "must be a whole number, not text. Write it without quotes."),
    ],
)
def test_a_wrong_parameter_fails_before_anything_is_computed(
    tmp_path: Path, parameters: dict[str, str], said: str
) -> None:
    with pytest.raises(CellExecutionError, match=re.escape(said)):
        scheduled(tmp_path, "municipality", parameters, cells=4)


@pytest.mark.notebook
def test_the_explorer_runs_without_anybody_to_click(tmp_path: Path) -> None:
    notebook = scheduled(tmp_path, "explorer", {"language": '"en"', "group": '"region"'})
    view, table, *_ = [cell.outputs[0].data for cell in notebook.cells if cell.get("outputs")]
    assert view["text/plain"] == "Explorer(Bauskas novads, 6 municipalities, 3 indicators, 2013)"
    assert "Aizkraukle municipality" in table["text/html"]


# What the injected cell looks like, without a kernel ----------------------------------------------------------------

DEFAULTS = MunicipalityParameters().to_dict()
OWN = "\n".join(f"{name}: str = {value!r}  # what it is" for name, value in DEFAULTS.items())
CHECK = "from benchlib.reporting import MunicipalityParameters\nparameters = MunicipalityParameters.from_notebook(globals())"


def read(*cells: str, **changes: Any) -> MunicipalityParameters:
    return MunicipalityParameters.from_notebook({**DEFAULTS, **changes, "In": ["", *cells, CHECK]})


@pytest.mark.parametrize(
    "injected",
    ["yaer = 2012", "lang = 'en'", "year = 2012\nteritory = '2009'", "municipalities = 'Ogres novads'\nseed = 3"],
)
def test_a_misspelt_name_is_refused_though_the_cell_has_no_mark(injected: str) -> None:
    with pytest.raises(ParameterError, match="Unknown parameter"):
        read(OWN, injected)


@pytest.mark.parametrize("injected", ["year = 2012\nseed = 3", "year = 2012", ""])
def test_right_names_are_taken(injected: str) -> None:
    assert read(OWN, injected, year=2012).year == 2012


@pytest.mark.parametrize(
    "tried",
    ["x = 5", "units = ['a']", "year_before = year - 1", "table = load(2)", "%matplotlib inline", "x = 5\nx.show()"],
)
def test_what_a_researcher_tries_out_below_the_parameters_is_no_parameter(tried: str) -> None:
    assert read(OWN, tried).year == 2013


def test_a_parameter_of_ones_own_raises_no_alarm_when_the_cell_runs_again() -> None:
    plain = "\n".join(f"{name} = {value!r}" for name, value in DEFAULTS.items())
    for own in (OWN, plain):
        changed = f"{own}\nyears = 3  # my own"
        assert read(changed, changed).year == 2013
    assert read("yaer = 2012", OWN, "import benchlib").year == 2013


# What papermill and JupyterLab are told -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_papermill_shows_type_default_and_meaning_of_each_parameter(name: str) -> None:
    schema = NOTEBOOKS[name]
    told = papermill.inspection.inspect_notebook(str(notebooks_folder() / schema.folder / f"{name}.ipynb"))
    assert list(told) == list(schema.names())
    for spec in schema.specs():
        line = told[spec.name]
        assert line["inferred_type_name"] == {int: "int", float: "float"}.get(spec.hint, "str")
        assert line["default"].replace('"', "'") == repr(spec.default)
        assert len(line["help"]) > 5


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_opens_with_its_parameters_on_top_and_its_kernel_chosen(name: str) -> None:
    notebook = nbformat.read(notebooks_folder() / NOTEBOOKS[name].folder / f"{name}.ipynb", as_version=4)
    first, second = notebook.cells[:2]
    assert first.cell_type == "markdown"
    assert first.source.startswith("# ")
    assert second.metadata["tags"] == ["parameters"]
    assert notebook.metadata.kernelspec["name"] == "python3", "else JupyterLab asks which kernel to take"
    levels = [
        len(line) - len(line.lstrip("#"))
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), "no level is skipped"
