"""Plan files read strictly, since people fill them in by hand: every complaint names file, goal and field."""

from __future__ import annotations

import datetime
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from benchlib.errors import BenchlibError, PlanError
from benchlib.indicators.names import find_municipality
from benchlib.indicators.plans.plan import (
    FORMAT,
    NO_SERVICE,
    WHOLE_REPORT,
    Action,
    Comparator,
    Goal,
    ImprovementPlan,
    Step,
    Why,
    stem_of_plan,
)
from benchlib.terms import Access, Classification, Light, check_option

_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_DAY: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_YEARS: Final = (2000, 2100)
_LONGEST_TEXT: Final = 4000
_LONGEST_FILE: Final = 1_000_000
_LARGEST: Final = 1e15
_SLIPS: Final = "Texts stand in quotation marks, decimals take a point (49.5), and every [[...]] a line of its own"

_HEAD: Final = (
    "format",
    "id",
    "municipality",
    "name",
    "territory",
    "base_year",
    "group",
    "theme",
    "service",
    "access",
    "figures",
    "made_with",
    "goals",
)
_GOAL: Final = (
    "indicator",
    "target",
    "target_year",
    "comparator",
    "partners",
    "practices",
    "responsible",
    "notes",
    "why",
    "follow_up",
    "measures",
)


def read_plan(path: Path) -> ImprovementPlan:
    """Read a plan file.

    Parameters
    ----------
    path : pathlib.Path
        The file: TOML in UTF-8, as `write_plan` gives it.

    Returns
    -------
    ImprovementPlan

    Raises
    ------
    PlanError
        If the file cannot be read, is not TOML, or a field is unknown, missing, of the wrong kind or contradicts another. The message
        names file, goal and field.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST_FILE + 1)
    except OSError as error:
        raise PlanError(
            f"{path}: the plan cannot be read ({error.strerror}). Check the name and the permissions."
        ) from error
    return parse_plan(content, str(path))


def parse_plan(content: bytes, where: str) -> ImprovementPlan:
    """Make a plan from the content of its file.

    Parameters
    ----------
    content : bytes
        The file.
    where : str
        Its name, for messages.

    Returns
    -------
    ImprovementPlan

    Raises
    ------
    PlanError
        As `read_plan`.
    """
    if len(content) > _LONGEST_FILE:
        raise PlanError(
            f"{where}: larger than {_LONGEST_FILE} bytes, which no plan is. Give the plan.toml that a report wrote."
        )
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PlanError(f"{where}: not text in UTF-8 (byte {error.start + 1}). Save it again as UTF-8.") from error
    except (ValueError, RecursionError) as error:  # what is no TOML, and numbers or brackets without end
        raise PlanError(f"{where}: not valid TOML: {error}. {_SLIPS}.") from error
    return _plan(_Fields(table, where, _HEAD))


class _Fields:
    """The fields of one table of the file, each taken with a check."""

    def __init__(self, table: Any, where: str, known: Sequence[str]) -> None:
        self.where = where
        if not isinstance(table, Mapping):
            raise self.wrong(f"is {table!r:.60}, not a table of fields. Write them in braces, or below [[...]]")
        self.table = table
        for name in table:
            if name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.5)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                raise self.wrong(f"unknown field {name!r:.60}.{hint} Fields: {', '.join(known)}")

    def wrong(self, what: str) -> PlanError:
        return PlanError(f"{self.where}: {what}{'' if what.endswith(('.', '?')) else '.'}")

    def _taken(self, name: str, default: Any) -> Any:
        if name in self.table:
            return self.table[name]
        if default is ...:
            raise self.wrong(f"the field {name!r} is missing. Add it")
        return default

    def text(self, name: str, default: Any = ...) -> str:
        value = self._taken(name, default)
        if not isinstance(value, str):
            raise self.wrong(f'{name} = {value!r:.60} is not text. Put it in quotation marks: {name} = "..."')
        if default is ... and not value.strip():
            raise self.wrong(f"{name} is empty. Fill it in")
        if len(value) > _LONGEST_TEXT:
            raise self.wrong(
                f"{name} has {len(value)} characters; at most {_LONGEST_TEXT} fit. Shorten it and name a document for the rest"
            )
        return value

    def word(self, name: str, options: Any, default: Any = ...) -> Any:
        value = self.text(name, default)
        try:
            return check_option(name, value, options)
        except BenchlibError as error:
            raise self.wrong(str(error)) from error

    def number(self, name: str, default: Any = ...) -> Any:
        value = self._taken(name, default)
        if value is default and default is not ...:
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(
                f"{name} = {value!r:.60} is not a number. Write it without quotation marks, spaces or unit, as in {name} = 1234.5"
            )
        if abs(value) > _LARGEST or not math.isfinite(value):
            raise self.wrong(f"{name} = {value!r:.40} is not a number that a figure can have. Correct it")
        return float(value)

    def whole(self, name: str, low: int, high: int, default: Any = ...) -> Any:
        value = self._taken(name, default)
        if value is default and default is not ...:
            return value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(
                f"{name} = {value!r:.60} is not a whole number. Write it without quotation marks and decimals"
            )
        if not low <= value <= high:
            raise self.wrong(f"{name} = {value!r:.40} does not lie between {low} and {high}. Correct it")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._taken(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.wrong(f'{name} = {value!r:.60} is not a list of texts. Write {name} = ["...", "..."]')
        return tuple(value)

    def tables(self, name: str) -> list[Any]:
        value = self._taken(name, [])
        if not isinstance(value, list):
            raise self.wrong(f"{name} is not a list of tables. Write [[...]] with two brackets above each entry")
        return value


def _plan(fields: _Fields) -> ImprovementPlan:
    version = fields.whole("format", 1, 10_000)
    if version != FORMAT:
        raise fields.wrong(
            f"format = {version}, but this benchlib reads format {FORMAT}. Install the benchlib that made the plan"
        )
    territory: Classification = fields.word("territory", Classification)
    code, name = fields.text("municipality"), fields.text("name")
    try:
        unit = find_municipality(code, territory)
    except BenchlibError as error:
        raise fields.wrong(f"municipality: {error}") from error
    if unit.name != name:
        raise fields.wrong(
            f"municipality = {code!r:.40} is {unit.name}, but name = {name!r:.60}. Correct one of them: whose plan is it?"
        )
    base_year = fields.whole("base_year", *_YEARS)
    goals = [_goal(entry, number, base_year, fields.where) for number, entry in enumerate(fields.tables("goals"), 1)]
    plan = ImprovementPlan(
        id=_id(fields, stem_of_plan(unit, territory, base_year)),
        municipality=unit.code,
        name=name,
        territory=territory,
        base_year=base_year,
        goals=tuple(goals),
        group=fields.text("group", "similar"),
        theme=fields.text("theme", WHOLE_REPORT),
        service=fields.text("service", NO_SERVICE),
        access=fields.word("access", Access, "members"),
        figures=fields.word("figures", Access, "public"),
        made_with=fields.text("made_with", ""),
        format=version,
    )
    _check_whole(plan, fields)
    return plan


def _id(fields: _Fields, stem: str) -> str:
    name = fields.text("id")
    if not _ID.fullmatch(name) or (name != stem and not name.startswith(f"{stem}-")) or len(name) > 120:
        raise fields.wrong(
            f"id = {name!r:.80} does not fit the plan. Write {stem!r}, or that and something after a hyphen, in letters a-z and digits"
        )
    return name


def _check_whole(plan: ImprovementPlan, fields: _Fields) -> None:
    if not plan.goals:
        raise fields.wrong("the plan holds no goal. Add one under [[goals]]")
    for indicator in plan.indicators:
        if plan.indicators.count(indicator) > 1:
            raise fields.wrong(f"two goals are about {indicator!r:.60}. Make one of them")
    if plan.access == "public" and plan.figures == "members":
        raise fields.wrong(
            'access = "public", but the plan was made on figures for members only (figures = "members"). Leave access = "members", '
            "or make the plan anew on public figures"
        )


def _goal(entry: Any, number: int, base_year: int, file: str) -> Goal:
    about = entry.get("indicator", "") if isinstance(entry, Mapping) else ""
    about = "".join(c for c in about[:60] if c.isprintable()) if isinstance(about, str) else ""
    where = f"{file}, goal {number}" + (f" ({about})" if about else "")
    fields = _Fields(entry, where, _GOAL)
    why = _why(fields.table["why"], f"{where}, why") if "why" in fields.table else None
    first = max(base_year, why.base_year) if why else base_year
    target_year = fields.whole("target_year", *_YEARS)
    if target_year <= first:
        raise fields.wrong(
            f"target_year = {target_year} is not after the base year {first}. A target lies ahead: give a later year"
        )
    target = fields.number("target")
    comparator: Comparator = fields.word("comparator", Comparator, "median")
    partners = fields.texts("partners")
    if comparator == "partner" and not partners:
        raise fields.wrong('comparator = "partner", but partners is empty. Name the partner whose figure is the target')
    indicator = fields.text("indicator")
    if not _WORD.fullmatch(indicator):
        raise fields.wrong(
            f"indicator = {indicator!r:.80} is not the id of an indicator. Take one from: benchlib data list"
        )
    return Goal(
        indicator=indicator,
        target=target,
        target_year=target_year,
        comparator=comparator,
        why=why,
        follow_up=_steps(fields, first, target_year, target),
        partners=partners,
        practices=fields.texts("practices"),
        actions=tuple(_action(item, n, where) for n, item in enumerate(fields.tables("measures"), 1)),
        responsible=fields.text("responsible", ""),
        notes=fields.text("notes", ""),
    )


def _why(entry: Any, where: str) -> Why:
    fields = _Fields(entry, where, tuple(Why.__dataclass_fields__))
    return Why(
        base=fields.number("base"),
        base_year=fields.whole("base_year", *_YEARS),
        median=fields.number("median", None),
        best=fields.number("best", None),
        best_municipality=fields.text("best_municipality", ""),
        light=fields.word("light", Light, "none"),
        **{name: fields.whole(name, 1, 1000, None) for name in ("rank", "rank_low", "rank_high", "members")},
    )


def _steps(fields: _Fields, base_year: int, target_year: int, target: float) -> tuple[Step, ...]:
    steps: list[Step] = []
    for number, entry in enumerate(fields.tables("follow_up"), 1):
        one = _Fields(entry, f"{fields.where}, follow_up {number}", ("year", "target"))
        step = Step(one.whole("year", *_YEARS), one.number("target"))
        last = steps[-1].year if steps else base_year
        if not last < step.year <= target_year:
            raise one.wrong(
                f"year = {step.year} must lie after {last} and not after the target year {target_year}. Put the years in their order"
            )
        if step.year == target_year and step.target != target:
            raise one.wrong(
                f"target = {step.target:g} in {target_year}, but the goal's target of that year is {target:g}. Make them the same"
            )
        steps.append(step)
    return tuple(steps)


def _action(entry: Any, number: int, where: str) -> Action:
    fields = _Fields(entry, f"{where}, measure {number}", ("what", "cost_eur", "from", "until"))
    cost = None if fields.table.get("cost_eur", "") == "" else fields.number("cost_eur")
    if cost is not None and cost < 0:
        raise fields.wrong(f"cost_eur = {cost:g} is negative. Costs are 0 or more")
    start, until = _day(fields, "from"), _day(fields, "until")
    if start and until and until < start[: len(until)]:
        raise fields.wrong(f"until = {until!r} lies before from = {start!r}. Correct one of them")
    return Action(fields.text("what", ""), cost, start, until)


def _day(fields: _Fields, name: str) -> str:
    """A year, month or day; TOML's own dates and bare years are taken as well."""
    value = fields.table.get(name, "")
    text = str(value) if type(value) in (int, datetime.date) else value
    if isinstance(text, str) and (text == "" or _DAY.fullmatch(text)):
        return text
    raise fields.wrong(f'{name} = {value!r:.60} is not a time. Write {name} = "2012", "2012-09" or "2012-09-01"')
