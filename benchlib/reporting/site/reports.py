"""The reports of a batch as the site links them: read from `runs.json`, every word of which is checked.

What the list says is not trusted: a file is taken only if it lies in the folder itself, under a plain name, with the bytes that
were written; a run is taken only if its parameters say that it is public.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from benchlib.errors import BenchlibError, OptionError, ReportError
from benchlib.indicators import Territory, find_municipality, present_municipalities, registers
from benchlib.reporting.base import clean_text
from benchlib.terms import Classification, Language

LIST_NAME: Final = "runs.json"
#: Layout of `runs.json` that is understood here.
LIST_FORMAT: Final = 1
#: Files that readers get, in the order in which they are linked.
KINDS: Final = ("html", "pdf", "ipynb")
#: A name that is a name everywhere: no folder, no way up, nothing hidden, nothing that a browser or a shell could misread.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+")
_LONGEST_TITLE = 300


@dataclass(frozen=True)
class ReportFile:
    """One file of a report.

    Attributes
    ----------
    kind : {"html", "pdf", "ipynb"}
        What it is.
    path : pathlib.Path
        Where it lies in the folder of the batch.
    size : int
        Bytes.
    """

    kind: str
    path: Path
    size: int


@dataclass(frozen=True)
class Report:
    """A public run of the batch.

    Attributes
    ----------
    notebook, title : str
        Name of the notebook, title of the report.
    language : {"lv", "en"}
        Its language.
    year : int or None
        Year of the figures, if the notebook has one.
    files : tuple of ReportFile
        Empty if the run failed or has not been made yet.
    state : {"done", "failed", "waiting"}
        What became of the run.
    unit : Territory or None
        The municipality that it is about, of whatever classification.
    codes : tuple of str
        Municipalities of today to which that belongs; empty if it is about none in particular.
    service, network : str
        What else it may be about.
    is_invented : bool
        Whether its figures are made up as an example.
    """

    notebook: str
    title: str
    language: Language
    year: int | None
    files: tuple[ReportFile, ...]
    state: str
    unit: Territory | None = None
    codes: tuple[str, ...] = ()
    service: str = ""
    network: str = ""
    is_invented: bool = False

    def file(self, kind: str) -> ReportFile | None:
        """The file of a kind, if there is one."""
        return next((file for file in self.files if file.kind == kind), None)


def read_reports(folder: Path | None) -> tuple[tuple[Report, ...], tuple[str, ...]]:
    """Public reports of a batch, and a line for whatever had to be left out.

    Parameters
    ----------
    folder : pathlib.Path or None
        Folder of the batch; None: there are no reports.

    Returns
    -------
    reports : tuple of Report
        The latest year first, then in the order of the list.
    left_out : tuple of str
        One sentence each, for the person who builds the site; it quotes neither figures nor texts of the run.

    Raises
    ------
    ReportError
        If there is no list of runs, or it cannot be read.
    """
    if folder is None:
        return (), ()
    found: list[Report] = []
    left_out: list[str] = []
    for place, run in enumerate(_runs(folder / LIST_NAME), start=1):
        try:
            found.append(_report(folder, run, left_out))
        except (BenchlibError, KeyError, TypeError, ValueError) as error:
            left_out.append(f"{_called(run, place)} is left out: {_why(error)}")
    found.sort(key=lambda report: -(report.year or 0))
    return tuple(found), tuple(left_out)


def _runs(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ReportError(
            f"{path} is absent, so it is not known which reports there are. Make them with `benchlib reports`, or name the folder "
            "in which that was done."
        ) from error
    except (OSError, ValueError) as error:
        raise ReportError(
            f"{path} cannot be read ({error}). Run `benchlib reports` once more; it writes the list anew."
        ) from error
    runs = content.get("runs") if isinstance(content, dict) and content.get("format") == LIST_FORMAT else None
    if not isinstance(runs, list):
        raise ReportError(
            f"{path} is not a list of runs of format {LIST_FORMAT}; another version of benchlib wrote it. Run `benchlib reports` once "
            "more, with this version."
        )
    return runs


def _called(run: Any, place: int) -> str:
    """What to call a run in a message: its stem if that is a plain word, else its place in the list."""
    stem = run.get("stem") if isinstance(run, dict) else None
    return (
        f"The run {stem}"
        if isinstance(stem, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,120}", stem)
        else f"Run {place} of the list"
    )


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no entry {error.args[0]!r:.40}."
    return str(error) if isinstance(error, BenchlibError) else "its entry in the list is not of the right kind."


def _report(folder: Path, run: Mapping[str, Any], left_out: list[str]) -> Report:
    parameters = run["parameters"]
    if parameters["access"] != "public":
        raise OptionError("it may hold figures for members only, and a site is public.")
    state = run["status"]
    if state not in ("done", "failed", "waiting"):
        raise OptionError("its status is none of done, failed, waiting.")
    language, year = parameters.get("language"), parameters.get("year")
    if language not in ("lv", "en"):
        raise OptionError("its language is neither lv nor en.")
    unit, codes = _subject(parameters)
    files = _files(folder, run["files"], left_out) if state == "done" else ()
    if state == "done" and not files:
        raise OptionError("none of its files can be used.")
    return Report(
        notebook=clean_text("The name of a notebook", run["notebook"], empty=False),
        title=clean_text("The title of a report", run.get("title") or _untitled(run, unit, year), empty=False)[
            :_LONGEST_TITLE
        ],
        language=cast("Language", language),
        year=year if type(year) is int else None,
        files=files,
        state=state,
        unit=unit,
        codes=codes,
        service=str(parameters.get("service") or ""),
        network=str(parameters.get("network") or ""),
        is_invented="register" in parameters and _is_invented(parameters["register"]),
    )


def _is_invented(register: object) -> bool:
    return any(about.is_invented for about in registers() if about.id == register)


def _untitled(run: Mapping[str, Any], unit: Territory | None, year: Any) -> Any:
    """What to call a report that never came to have a title."""
    return run["stem"] if unit is None else f"{unit.name}, {year}"


def _subject(parameters: Mapping[str, Any]) -> tuple[Territory | None, tuple[str, ...]]:
    """The municipality of a run and where it is today."""
    if "municipality" not in parameters:
        return None, ()
    territory = cast("Classification", str(parameters.get("territory", "2025")))
    unit = find_municipality(parameters["municipality"], territory)
    return unit, tuple(present_municipalities(unit.code)["code"])


def _files(folder: Path, listed: Mapping[str, Any], left_out: list[str]) -> tuple[ReportFile, ...]:
    found = []
    for kind in KINDS:
        if kind not in listed:
            continue
        name, size, digest = listed[kind]["name"], listed[kind]["bytes"], listed[kind]["sha256"]
        if not isinstance(name, str) or not _NAME.fullmatch(name) or not name.endswith(f".{kind}"):
            left_out.append(f"A file of the list is left out: {name!r:.60} is not the plain name of a .{kind} file.")
            continue
        path = folder / name
        complaint = _complaint(path, size, digest)
        if complaint:
            left_out.append(f"{name} is left out: {complaint}")
        else:
            found.append(ReportFile(kind, path, size))
    return tuple(found)


def _complaint(path: Path, size: Any, digest: Any) -> str:
    """Why a listed file cannot be taken; "" if it can."""
    try:
        if path.is_symlink() or not path.is_file():
            return "there is no such file in the folder of the reports."
        content = path.read_bytes()
    except OSError as error:
        return f"it cannot be read ({error.strerror})."
    if len(content) != size or hashlib.sha256(content).hexdigest() != digest:
        return "it is not the file that the run wrote. Run `benchlib reports` once more."
    return ""
