"""Where the shipped figures, catalogue and notebooks lie."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import platformdirs

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


def own_folder(data: Path | None = None) -> Path:
    """Folder of what users add themselves: figures, surveys, building registers, practices, networks, plans.

    It has the layout of the data folder and is read together with it. What is added to the shipped figures lies in the user's own data
    folder, where neither a commit nor a package can take it along; it need not exist.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    pathlib.Path
        `benchlib/data` in the user's data folder for the shipped figures (on Linux `~/.local/share`, or where XDG_DATA_HOME says), `own`
        inside any other data folder.
    """
    if data is None or data == data_folder():
        return platformdirs.user_data_path("benchlib") / "data"
    return data / "own"


@cache
def data_digest(data: Path) -> str:
    """Return a hash of a data folder together with what users have added to it.

    Parameters
    ----------
    data : pathlib.Path
        For example `data_folder()`.

    Returns
    -------
    str
        Hexadecimal; the same whether the own folder is absent or empty.
    """
    return hashlib.blake2b(f"{digest_of(data)} {digest_of(own_folder(data))}".encode(), digest_size=20).hexdigest()


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
    files = {path.relative_to(folder): path for path in folder.rglob("[!.]*") if path.is_file()}
    for name in sorted(name for name in files if not any(part.startswith(".") for part in name.parts)):
        content = files[name].read_bytes()
        digest.update(f"{name.as_posix()}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def _first(installed: str, checkout: str) -> Path:
    for folder in (_PACKAGE / installed, _PACKAGE.parent / checkout):
        if folder.is_dir():
            return folder
    raise StoreError(
        f"benchlib's folder {checkout!r} is neither inside the package nor beside it ({_PACKAGE.parent}). The installation is "
        "incomplete: install benchlib again, or run it from a complete checkout."
    )
