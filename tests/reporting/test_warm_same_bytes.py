"""A notebook gives the same bytes in a warm kernel as in an ordinary one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from warm_kernels import executed

from benchlib.indicators import notebooks_folder
from benchlib.reporting.execute import execute
from benchlib.reporting.kernel.parent import AVAILABLE, WarmParent
from benchlib.reporting.normalise import normalise

pytestmark = [pytest.mark.notebook, pytest.mark.skipif(not AVAILABLE, reason="warm kernels are for Linux")]


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmParent]:
    with WarmParent.start() as parent:
        yield parent


def text_of(notebook: NotebookNode) -> str:
    normalise(notebook, {}, "any")
    return str(nbformat.writes(notebook))


#: Writes what a notebook has imported to a file that its outputs do not mention.
NOTE = "import sys; _before = set(sys.modules)"
TELL = "open(__import__('os').environ['IMPORTED'], 'a').write(' '.join({*sys.modules} - _before) + '\\n');"
#: Nothing of these may be left for each kernel to import.
HEAVY = {"benchlib", "duckdb", "numba", "scipy", "statsmodels", "matplotlib", "pyarrow"}


def test_a_report_has_the_same_bytes_and_imports_nothing(
    warm: WarmParent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = nbformat.read(notebooks_folder() / "municipality.ipynb", as_version=4)
    source.cells.insert(0, nbformat.v4.new_code_cell(NOTE))
    source.cells.append(nbformat.v4.new_code_cell(TELL))
    monkeypatch.setenv("IMPORTED", str(tmp_path / "imported"))
    runs = [
        execute(source, {"replications": 200}, cwd=notebooks_folder(), warm=address) for address in (warm.address, None)
    ]
    assert [run.failure for run in runs] == ["", ""]
    forked, ordinary = (text_of(run.notebook) for run in runs)
    assert forked == ordinary
    assert "image/" in forked
    by_fork, by_ordinary = (set(line.split()) for line in (tmp_path / "imported").read_text().splitlines())
    assert {"numba", "benchlib.reporting.plots"} <= by_ordinary
    assert {name for name in by_fork if name.split(".")[0] in HEAVY} == set()


#: What differs most easily: figures, what is said while packages are imported, tracebacks, the order of sets, arithmetic.
CELLS = (
    "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])",
    "fig, ax = plt.subplots(figsize=(3, 2)); ax.set_title('ā – é'); print('before the figure')",
    "%matplotlib inline\nplt.hist([1, 2, 2]); plt.show(); 'after'",
    "import numpy as np, pandas as pd\nnp.random.seed(3); pd.DataFrame(np.random.rand(3, 2), columns=['a', 'ž'])",
    "set('abcdefghijkl'), hash('benchlib')",
    "a = np.random.default_rng(1).standard_normal((300, 300)); float(np.linalg.svd(a, compute_uv=False).sum()).hex()",
    "import warnings; warnings.warn('w'); print(len(In), _i)",
    "import benchlib as bl\nbl.find_municipality('bauska')",
    "plt.rcParams['figure.dpi'], plt.get_backend(), plt.get_fignums(), pd.get_option('display.max_rows')",
    "%who\n%history -n 1-3",
    "get_ipython().run_line_magic('config', 'InlineBackend.figure_formats')",
    "def f(n):\n    return 1 / n\nf(0)",
)


def test_any_notebook_has_the_same_bytes(warm: WarmParent, tmp_path: Path) -> None:
    forked, ordinary = (executed(parent, tmp_path, *CELLS) for parent in (warm, None))
    assert forked.failure == ordinary.failure == "ZeroDivisionError: division by zero"
    assert text_of(forked.notebook) == text_of(ordinary.notebook)
    outputs = [output for cell in forked.notebook.cells for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 3


def test_a_lack_of_memory_is_told_alike(warm: WarmParent, tmp_path: Path) -> None:
    forked, ordinary = (
        text_of(executed(parent, tmp_path, "b = bytearray(10**11)", memory_limit=10**9).notebook)
        for parent in (warm, None)
    )
    assert forked == ordinary
