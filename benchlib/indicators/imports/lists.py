"""The lists of the own folder: which sources, surveys and building registers there are, and how an entry is taken out of one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

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


def named_files(data: Path | None = None) -> list[tuple[Path, str]]:
    """Data files that the lists of the own folder name, each with the id of its entry.

    Parameters
    ----------
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of (pathlib.Path, str)
        Resolved paths. The lists themselves are among them, with their own names: no entry may call one its data.
    """
    own = own_folder(data)
    lists = [((own / index).resolve(), index) for index in INDEXES]
    entries_ = [entry for listed in own_entries(data).values() for entry in listed]
    return lists + [((own / file).resolve(), str(entry.get("id"))) for entry in entries_ for file in _files(entry)]


def _files(entry: Mapping[str, Any]) -> list[str]:
    return [str(entry[name]) for name in ("file", "measures_file") if entry.get(name)]


class Rest(NamedTuple):
    """What is left of a list without an entry, and what goes with the entry: data files, and measures that nothing else uses."""

    content: bytes
    files: tuple[str, ...]
    measures: tuple[str, ...]


def without_entry(path: Path, id: str) -> Rest:
    """A list without one of its entries; whatever else stands there stays as it is.

    Parameters
    ----------
    path : pathlib.Path
        The list.
    id : str
        Id of the entry.

    Returns
    -------
    Rest
        Measures of a source go with it if no other own source has them, no measure that stays is weighted by them and no file of the own
        catalogue speaks of them.
    """
    key = INDEXES[path.name]
    text = path.read_text(encoding="utf-8")
    content = tomllib.loads(text)
    gone = [entry for entry in content[key] if entry.get("id") == id]
    wanted = {**content, key: [entry for entry in content[key] if entry.get("id") != id]}
    measures = _unused(gone, wanted, path.parent / "catalogue") if key == "sources" else []
    cut = _cut(text, key, id)
    for name in measures:
        cut = None if cut is None else _cut(cut, f"measures.{name}")
    if measures:
        wanted["measures"] = {name: entry for name, entry in content["measures"].items() if name not in measures}
    wanted = {name: value for name, value in wanted.items() if value or name not in (key, "measures")}
    # Comments are kept where the entry can be cut out of the text; where it cannot, the list is written anew.
    is_same = cut is not None and _loads(cut) == wanted
    after = cut if is_same and cut is not None else tomli_w.dumps(wanted)
    return Rest(after.encode(), tuple(file for entry in gone for file in _files(entry)), tuple(measures))


def _unused(gone: Sequence[Mapping[str, Any]], rest: Mapping[str, Any], catalogue: Path) -> list[str]:
    """Own measures of the entries that go, and the weights of these, which nothing needs any more."""
    known = rest.get("measures", {})
    if not isinstance(known, dict) or not all(isinstance(entry, dict) for entry in known.values()):
        return []  # the check will say so
    needed = {name for entry in rest["sources"] for name in entry.get("measures", ())}
    spoken = " ".join(file.read_text(encoding="utf-8", errors="replace") for file in catalogue.rglob("*.toml"))
    unused: list[str] = []
    asked = [name for entry in gone for name in entry.get("measures", ())]
    while asked:
        name = asked.pop(0)
        weighted = {key for key, entry in known.items() if entry.get("weight") == name} - set(unused)
        is_spoken = re.search(rf"\b{re.escape(name)}\b", spoken)
        if name in known and name not in unused and name not in needed and not weighted and not is_spoken:
            unused.append(name)
            asked.append(known[name].get("weight", ""))
    return unused


def _cut(text: str, key: str, id: str | None = None) -> str | None:
    """The text without the table `[key]`, or without the block that begins with `[[key]]` and holds an id; None if there is no such."""
    starts = [(match.start(), match["name"].strip()) for match in _HEADER.finditer(text)]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    for number, (start, name) in enumerate(starts):
        if name != key or text.startswith("[[", start) != (id is not None):
            continue
        last = number
        while last + 1 < len(starts) and starts[last + 1][1].startswith(f"{key}."):
            last += 1
        block = _loads(text[start : ends[last]])
        if block is not None and (id is None or block.get(key, [{}])[0].get("id") == id):
            return text[:start] + text[ends[last] :]
    return None


def _loads(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
