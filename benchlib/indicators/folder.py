"""Where the shipped figures, catalogue and notebooks lie."""

from __future__ import annotations

import hashlib
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


@cache
def digest_of(folder: Path) -> str:
    """Return a hash of the names and contents of all files below a folder, hidden ones left out.

    Parameters
    ----------
    folder : pathlib.Path
        For example `data_folder()`.

    Returns
    -------
    str
        Hexadecimal. It is computed once a process, as figures and catalogue are read once.
    """
    digest = hashlib.blake2b(digest_size=20)
    for path in sorted(path for path in folder.rglob("[!.]*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def _first(installed: str, checkout: str) -> Path:
    for folder in (_PACKAGE / installed, _PACKAGE.parent / checkout):
        if folder.is_dir():
            return folder
    raise StoreError(
        f"benchlib's folder {checkout!r} is neither inside the package nor beside it ({_PACKAGE.parent}). The installation is "
        "incomplete: install benchlib again, or run it from a complete checkout."
    )
