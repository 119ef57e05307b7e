"""Files of practice examples: checked, added to the user's own, and a form to fill in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from benchlib.errors import CatalogueError, OptionError
from benchlib.indicators.catalog import practice_files, without_practices
from benchlib.indicators.folder import own_folder
from benchlib.indicators.forget import forget_data
from benchlib.indicators.keep import keep_file
from benchlib.indicators.practices.practice import Practice, practice_problems
from benchlib.indicators.registry import build

#: No practice example is longer; whoever names a video by mistake learns it at once.
_LARGEST_FILE = 200_000
#: A form to fill in; it is refused as long as nothing is filled in.
PRACTICE_TEMPLATE = """# A practice example. Fill it in, name the file as the example is to be called (a-z, 0-9 and hyphens), and store it:
#     benchlib practices add FILE
# Texts are plain text in both languages. Invent nothing: cost, result and contact may stay empty where the source does not say them.

municipality = ""       # the municipality that did it, or "" and a body below
territory = "2025"      # "2009" for a municipality as it was before the reform of 2021
country = "LV"          # two capital letters
network = "T1"          # network whose theme it belongs to
indicators = []         # indicators that it aims at, by id (benchlib data list): ["education_expenditure_per_pupil"]
source = ""             # where this is written: an address (https://...) or a document
year = 0                # year in which it was done or begun; 0 if the source does not say it
language = "lv"         # language of the source
access = "members"      # "public": also in public reports and on the public site

# Who did it, if no municipality did; take the sign # away:
# body = { lv = "", en = "" }

[title]                 # what it is called
lv = ""
en = ""

[action]                # what was done
lv = ""
en = ""

[cost]                  # what it cost
lv = ""
en = ""

[result]                # what came of it
lv = ""
en = ""

[contact]               # the office to ask, never a person, an e-mail address or a telephone number
lv = ""
en = ""
"""


@dataclass(frozen=True, slots=True)
class AddedPractice:
    """A practice example that was stored.

    Attributes
    ----------
    practice : Practice
        The example.
    path : pathlib.Path
        Its file.
    """

    practice: Practice
    path: Path


def check_practices(files: Sequence[Path] = (), *, data: Path | None = None) -> list[str]:
    """All that is wrong with files of practice examples.

    Parameters
    ----------
    files : sequence of pathlib.Path
        Files to look at; all that are shipped or added if empty.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of str
        One sentence for each problem, with the file; empty if all is well.

    Raises
    ------
    CatalogueError
        If the networks or passports are broken, by which practice examples are checked.
    """
    everything = practice_files(data)
    problems = []
    for path in files or everything:
        try:
            entry = _entry_of(_text_of(_content(path), str(path)), str(path))
        except CatalogueError as error:
            problems.append(str(error))
            continue
        problems += [f"{path}: {message}" for message in problems_of_practice(path.stem, entry, data=data)]
    if not files:
        names = [path.stem for path in everything]
        problems += [
            f"{path}: there is a practice example of this name already; give the file another."
            for place, path in enumerate(everything)
            if path.stem in names[:place]
        ]
    return problems


def problems_of_practice(
    name: str, entry: Mapping[str, Any], *, field: str = "", data: Path | None = None
) -> list[str]:
    """What is wrong with a practice example that is no file yet.

    Parameters
    ----------
    name : str
        Name that its file is to have, without ending.
    entry : mapping
        Its fields.
    field : str
        Only what is wrong with this field; "" for all.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    list of str
        One sentence for each problem.
    """
    catalogue = without_practices(data)
    found = practice_problems(name, entry, catalogue.networks, catalogue.indicators, is_new=True)
    return [message for about, message in found if field in ("", about)]


def add_practice(path: Path, *, replace: bool = False, data: Path | None = None) -> AddedPractice:
    """Check the file of a practice example and store it as it is, comments included.

    Parameters
    ----------
    path : pathlib.Path
        The file; its name becomes the id.
    replace : bool
        Whether an example of this name that was added before may be replaced. A shipped one never is.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    AddedPractice

    Raises
    ------
    CatalogueError
        If the file is broken or cannot be read or stored; of several problems all are told, a line each. Nothing has changed.
    OptionError
        If there is an example of this name already.
    """
    return store_practice(path.stem, _content(path), where=str(path), replace=replace, data=data)


def store_practice(
    name: str, content: bytes | Mapping[str, Any], *, where: str = "", replace: bool = False, data: Path | None = None
) -> AddedPractice:
    """Check a practice example and store it under a name.

    Parameters
    ----------
    name : str
        Name of the file without ending: the id.
    content : bytes or mapping
        A TOML file, or its fields.
    where : str
        What messages call it; the name if empty.
    replace, data
        As in `add_practice`.

    Returns
    -------
    AddedPractice

    Raises
    ------
    CatalogueError, OptionError
        As `add_practice`.
    """
    where = where or name
    text = _text_of(content if isinstance(content, bytes) else tomli_w.dumps(content).encode(), where)
    entry = _entry_of(text, where)
    problems = problems_of_practice(name, entry, data=data)
    if problems:
        raise CatalogueError("\n".join(f"{where}: {problem}" for problem in problems))
    target = own_folder(data) / "catalogue" / "practices" / f"{name}.toml"
    _refuse_second(target, where, replace, data)
    try:
        keep_file(target, text.encode())
    except OSError as error:
        raise CatalogueError(
            f"{where}: the practice example cannot be stored in {target.parent} ({error.strerror}). Nothing has changed."
        ) from error
    forget_data()
    practice: Practice = build(Practice, {**entry, "id": name}, where)
    return AddedPractice(practice, target)


def _refuse_second(target: Path, where: str, replace: bool, data: Path | None) -> None:
    """Refuse a name that is taken: two examples of one name would be one anchor and one address."""
    taken = [path for path in practice_files(data) if path.stem == target.stem]
    if any(path != target for path in taken):
        raise OptionError(f"{where}: benchlib comes with a practice example {target.stem!r}. Give yours another name.")
    if taken and not replace:
        raise OptionError(
            f"{where}: there is a practice example {target.stem!r} already ({target}). Replace it with --replace, or give this one "
            "another name."
        )


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise CatalogueError(f"{path} is not a file. Check the name.")
        if path.stat().st_size > _LARGEST_FILE:
            raise CatalogueError(f"{path} has more than {_LARGEST_FILE:,} bytes. That is no practice example.")
        return path.read_bytes()
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}). Check the permissions.") from error


def _text_of(content: bytes, where: str) -> str:
    """Text of a file, without the mark that editors on Windows put first and TOML does not allow."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{where} is not UTF-8: {error}. Save it as UTF-8.") from error


def _entry_of(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{where} is not valid TOML: {error}. Correct that line.") from error
    except RecursionError as error:
        raise CatalogueError(f"{where}: its lists stand one inside the other without end.") from error
