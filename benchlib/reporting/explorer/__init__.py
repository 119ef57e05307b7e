"""The explorer: any municipalities on any indicators, compared in JupyterLab (`notebooks/explorer.ipynb`).

`selection` says what is compared, `table` makes the figures of it, `views` and `drawing` show them; all that works without
widgets. `controls`, `panel` and `explorer` put controls in front, and need ipywidgets.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from benchlib.reporting.explorer.selection import ExplorerParameters, Selection
from benchlib.reporting.explorer.table import comparison_table, development_table

if TYPE_CHECKING:
    from benchlib.reporting.explorer.explorer import Explorer

__all__ = ["Explorer", "ExplorerParameters", "Selection", "comparison_table", "development_table"]


def __getattr__(name: str) -> Any:
    if name != "Explorer":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    return import_module("benchlib.reporting.explorer.explorer").Explorer
