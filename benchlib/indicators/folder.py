"""Where the shipped figures, catalogue and notebooks lie."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from benchlib.errors import StoreError

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def data_folder() -> Path:
    """Folder with registry, figures, territories and catalogue.

    Returns
    -------
    pathlib.Path
        `data/` beside the package in a checkout, `benchlib/_data` in an installed wheel.

    Raises
    ------
    StoreError
        If neither is there.
    """
    return _first("_data", "data")


@cache
def notebooks_folder() -> Path:
    """Folder with the parameterised notebooks, found like `data_folder`.

    Returns
    -------
    pathlib.Path
        `notebooks/` in a checkout, `benchlib/_notebooks` in an installed wheel.

    Raises
    ------
    StoreError
        If neither is there.
    """
    return _first("_notebooks", "notebooks")


def _first(installed: str, checkout: str) -> Path:
    for folder in (_PACKAGE / installed, _PACKAGE.parent / checkout):
        if folder.is_dir():
            return folder
    raise StoreError(
        f"benchlib's folder {checkout!r} is neither inside the package nor beside it ({_PACKAGE.parent}). The installation is "
        "incomplete: install benchlib again, or run it from a complete checkout."
    )
