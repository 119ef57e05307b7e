"""Surveys of one's own: means of answers by municipality, kept only where so many answered that nobody can be recognised."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from benchlib.indicators.catalog import Catalogue
from benchlib.indicators.imports.cells import number_text
from benchlib.indicators.imports.columns import seen_role, understand
from benchlib.indicators.imports.disclosure import plain_question, recoverable
from benchlib.indicators.imports.options import Declared, ImportOptions
from benchlib.indicators.imports.places import Places
from benchlib.indicators.imports.plan import ImportPlan, SeenColumn, about_source, receipt, samples
from benchlib.indicators.imports.rows import Work, places_of, start, years_of
from benchlib.indicators.imports.sheets import Sheet
from benchlib.indicators.imports.survey_rows import SURVEY_ROLES, number_rows, read_row
from benchlib.indicators.readers.files import broken
from benchlib.indicators.registry import Texts
from benchlib.indicators.surveys.files import COLUMNS, KEY, imported_surveys, read_survey
from benchlib.indicators.territory import codes
from benchlib.terms import Classification

_NEEDED: Final = ("question", "n", "mean")
#: Columns whose cells are not shown where too few answered; what is left out may be numbers of theirs too.
_HIDDEN: Final = frozenset({"n", "mean", "sd", "", "ignore"})


def plan_survey(
    path: Path,
    sheets: Sequence[Sheet],
    options: ImportOptions,
    declared: Declared,
    catalogue: Catalogue,
    id: str,
    data: Path | None = None,
) -> ImportPlan:
    """Understand a file of survey results.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    sheets : sequence of Sheet
        What was read of it.
    options : ImportOptions
        What the user says.
    declared : Declared
        What the user declares.
    catalogue : Catalogue
        Known networks.
    id : str
        Id of the new survey.
    data : pathlib.Path, optional
        Data folder; the shipped one if absent.

    Returns
    -------
    ImportPlan
        Means of fewer than `min_n` answers are not in it.

    Raises
    ------
    FiguresFileError
        If anything in the file cannot be understood or cannot be; the message names sheet, row and column of each problem.
    """
    work = start(understand(sheets, options, declared, SURVEY_ROLES), options, path)
    for role in _NEEDED:
        if work.understood.of(role) is None:
            listed = ", ".join(repr(column.title) for column in work.understood.columns)
            problem = f"no column is taken for {role}; the columns are {listed}. Name it: --column HEADING={role}."
            raise broken(work.where, problem, row=work.understood.layout.number)
    years = years_of(work)
    places = places_of(work, set(years.values()))
    work.notes += [*places.notes, *work.understood.unknown]
    asked = [
        found
        for row in work.understood.layout.rows
        if (code := places.code_of.get(row.number)) is not None
        and (found := read_row(work, row, code, years.get(row.number), catalogue.networks)) is not None
    ]
    rows = number_rows(work, asked)
    work.complaints.raise_any()
    if not rows:
        raise broken(work.where, "there is not one row with the answers of a municipality.")
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(list(KEY), ignore_index=True)
    for problem in recoverable(frame, places.territory, work.options.min_n, data):
        work.complaints.add(problem)
    work.complaints.raise_any()
    shown = {at.row for at, row in zip(asked, rows, strict=True) if row["status"] != "suppressed"}
    return _plan(path, work, frame, shown, places, declared, id, data)


def _plan(
    path: Path,
    work: Work,
    frame: pd.DataFrame,
    shown: set[int],
    places: Places,
    declared: Declared,
    id: str,
    data: Path | None,
) -> ImportPlan:
    content, file = _csv(frame), f"surveys/{id}.csv"
    units = tuple(sorted(frame["territory"].unique()))
    known = codes(places.territory)
    about = about_source(path, work.understood.sheet, work.options, declared, [known[code] for code in units])
    questions = _wordings(work) | dict(declared.questions)
    entry = {
        "id": id,
        **about.texts(),
        "territory": places.territory,
        "years": sorted({int(year) for year in frame["year"].unique()}),
        "access": work.options.access,
        "min_n": work.options.min_n,
        **receipt(file, content, len(frame)),
        "questions": {name: dict(texts) for name, texts in questions.items() if name in set(frame["question"])},
    }
    few = int((frame["status"] == "suppressed").sum())
    if few:
        which = f"Of {len(frame)} means, {few} with" if len(frame) > 1 else "The only mean, with"
        comma = "" if len(frame) > 1 else ","
        work.notes.append(
            f"{which} fewer than {work.options.min_n} answers{comma} will not be stored, only that so few answered (--min-n)."
        )
    if frame.loc[frame["status"] == "observed", "sd"].isna().any():
        work.notes.append(
            "Without a standard deviation the interval of a mean takes the largest possible one: it is wide."
        )
    work.notes += [*_named_after_file(work, frame), *_stored_already(frame, places.territory, about.vintage, data)]
    return ImportPlan(
        kind="survey",
        id=id,
        where=work.where,
        columns=_seen(work, shown, places),
        rows=len(frame),
        territory=places.territory,
        territory_why=places.why,
        codes=units,
        summary=_summary(frame),
        notes=tuple(dict.fromkeys(work.notes)),
        access=work.options.access,
        vintage=about.vintage,
        vintage_basis=about.vintage_basis,
        index="surveys.toml",
        addition={"surveys": [entry]},
        files={file: content},
    )


def _csv(frame: pd.DataFrame) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in frame.itertuples(index=False):
        writer.writerow([_cell(cell) for cell in row])
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else number_text(value)
    return str(value)


def _wordings(work: Work) -> dict[str, Texts]:
    """Texts of the questions, where a column has them beside the ids; in one language, which stands for both."""
    question, wording = work.understood.of("question"), work.understood.of("wording")
    if question is None or wording is None:
        return {}
    pairs = {row.cells[question.position]: row.cells[wording.position] for row in work.understood.layout.rows}
    return {name: {"lv": text, "en": text} for name, text in pairs.items() if name and text}


def _named_after_file(work: Work, frame: pd.DataFrame) -> list[str]:
    if work.options.survey is not None or work.understood.of("survey") is not None:
        return []
    return [f"The survey is called {frame['survey'].iloc[0]!r:.80}, after the file (--survey)."]


def _stored_already(frame: pd.DataFrame, territory: Classification, vintage: str, data: Path | None) -> list[str]:
    """What the preview must say of questions to which there are answers already: whether these count instead, or stand beside them."""
    known = [(survey, read_survey(survey, data)) for survey in imported_surveys(access="members", data=data)]
    notes = []
    for (name, question, respondents, year), part in frame.groupby(list(KEY[:-1]), sort=True):
        asked = plain_question(str(question))
        for survey, rows in known:
            alike = rows.loc[
                (rows["question"].map(plain_question) == asked)
                & (rows["respondents"] == respondents)
                & (rows["year"] == year)
            ]
            what = f"{question!r:.60} for {year} ({respondents}) is stored already"
            for other, there in alike.groupby("survey"):
                if other != name or set(there["question"]) != {question}:
                    notes.append(
                        f"{what}: survey {other!r:.60} ({survey.id}, {survey.vintage}). If yours corrects it, call it and the question the "
                        f"same (--survey {other!r:.60}): then the later vintage counts. Else both stay."
                    )
                elif survey.territory == territory and set(there["territory"]) & set(part["territory"]):
                    notes.append(f"{what} ({survey.id}, {survey.vintage}). {_which_counts(vintage, survey.vintage)}")
    return notes


def _which_counts(vintage: str, stored: str) -> str:
    if vintage == stored:
        return f"Both are of {vintage}; what was imported last counts: yours."
    return f"The later vintage counts: {f'yours ({vintage})' if vintage > stored else 'the stored one'}."


def _seen(work: Work, shown: set[int], places: Places) -> tuple[SeenColumn, ...]:
    """Columns of the file; where few answered, their numbers are not put on the screen either."""
    found = []
    for column in work.understood.columns:
        rows = [
            row
            for row in work.understood.layout.rows
            if row.number in (shown if column.role in _HIDDEN else places.code_of)
        ]
        found.append(
            SeenColumn(column.title, seen_role(column), "", samples([row.cells[column.position] for row in rows]))
        )
    return tuple(found)


def _summary(frame: pd.DataFrame) -> pd.DataFrame:
    """By survey, question, respondents and year: municipalities with a mean, with too few answers, and the ends of the means."""
    rows: list[dict[str, Any]] = []
    for (survey, question, respondents, year), part in frame.groupby(list(KEY[:-1]), sort=True):
        rows.append(
            {
                "survey": survey,
                "question": question,
                "respondents": respondents,
                "year": year,
                "scale": f"{part['scale_min'].iloc[0]:g}-{part['scale_max'].iloc[0]:g}",
                "means": int((part["status"] == "observed").sum()),
                "too few": int((part["status"] == "suppressed").sum()),
                "missing": int((part["status"] == "missing").sum()),
                "lowest": part["mean"].min(),
                "highest": part["mean"].max(),
            }
        )
    return pd.DataFrame(rows)
