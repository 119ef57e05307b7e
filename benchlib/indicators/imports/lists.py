"""The lists of the own folder: which sources, surveys and building registers there are, and how an entry is taken out of one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

import tomli_w

from benchlib.indicators.folder import data_folder, own_folder
from benchlib.indicators.registry import entries, read_toml

#: Each list of the own folder, and what its entries are called.
INDEXES: Final = {"registry.toml": "sources", "surveys.toml": "surveys", "buildings.toml": "registers"}
_HEADER: Final = re.compile(r"^\[\[?(?P<name>[^\]]*?)\]?\]", re.MULTILINE)


def own_entries(data: Path | None = None) -> dict[str, list[dict[str, Any]]]:
    """What has been imported, list by list.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    dict of str to list of dict
        Entries by the name of the list; lists that are not there are empty.

    Raises
    ------
    CatalogueError
        If a list is broken; the message names it and the line.
    """
    own = own_folder(data)
    return {
        index: entries(read_toml(own / index), key, own / index) if (own / index).exists() else []
        for index, key in INDEXES.items()
    }


def ids_of(data: Path | None = None) -> dict[str, str]:
    """Ids that are taken, each with the list where it stands.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    dict of str to str
        Sources of the data folder itself have its path.
    """
    taken: dict[str, str] = {}
    for index, key in INDEXES.items():
        path = (data or data_folder()) / index
        if path.exists():
            taken |= {str(entry.get("id")): str(path) for entry in entries(read_toml(path), key, path)}
    for index, listed in own_entries(data).items():
        taken |= {str(entry.get("id")): index for entry in listed}
    return taken


def without_entry(path: Path, id: str) -> tuple[bytes, list[str]]:
    """A list without one of its entries; whatever else stands there stays as it is.

    Parameters
    ----------
    path : pathlib.Path
        The list.
    id : str
        Id of the entry.

    Returns
    -------
    content : bytes
        The list without it.
    files : list of str
        Data files that the entry named.
    """
    key = INDEXES[path.name]
    text = path.read_text(encoding="utf-8")
    content = tomllib.loads(text)
    gone = [entry for entry in content[key] if entry.get("id") == id]
    wanted = {**content, key: [entry for entry in content[key] if entry.get("id") != id]}
    if not wanted[key]:
        del wanted[key]
    cut = _cut(text, key, id)
    files = [
        str(value) for entry in gone for name, value in entry.items() if name in ("file", "measures_file") and value
    ]
    # Comments are kept where the entry can be cut out of the text; where it cannot, the list is written anew.
    is_same = cut is not None and _loads(cut) == wanted
    return (cut if is_same and cut is not None else tomli_w.dumps(wanted)).encode(), files


def _cut(text: str, key: str, id: str) -> str | None:
    """The text without the block that begins with `[[key]]` and holds this id; None if there is no such block."""
    starts = [(match.start(), match["name"].strip()) for match in _HEADER.finditer(text)]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    for number, (start, name) in enumerate(starts):
        if name != key or not text.startswith("[[", start):
            continue
        last = number
        while last + 1 < len(starts) and starts[last + 1][1].startswith(f"{key}."):
            last += 1
        block = _loads(text[start : ends[last]])
        if block is not None and block.get(key, [{}])[0].get("id") == id:
            return text[:start] + text[ends[last] :]
    return None


def _loads(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
