"""The parameters of a notebook: one schema from which come its checks, the flags of the command line and a table.

A notebook has one cell tagged `parameters` with a literal for each, and right after it the cell

    parameters = MunicipalityParameters.from_notebook(globals())

which raises on an unknown, missing or mistyped one before anything is computed. (papermill only logs a misspelt
parameter and runs with the default.) The schemas themselves stand in `benchlib.reporting.schemas`.
"""

from __future__ import annotations

import ast
import dataclasses
import datetime
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar, Literal, Self, get_args, get_origin, get_type_hints

from benchlib.errors import ParameterError

#: The first line of the cell in which papermill writes the parameters of a run.
_INJECTED = "# Parameters"
_LONGEST_TEXT = 1000
#: How alike two names are, from 0 to 1, when one is taken for a slip of the pen for the other ("lang": 0.67).
_NEARLY = 0.65
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")


@dataclass(frozen=True)
class Rule:
    """What a parameter means, its bounds if it is a number, its flag if that differs from its name, and whether it is a day."""

    help: str
    bounds: tuple[int, int] | None = None
    flag: str = ""
    is_day: bool = False


@dataclass(frozen=True)
class Spec:
    """A parameter of a schema: name, type, default and rule."""

    name: str
    hint: Any
    default: Any
    rule: Rule

    @property
    def words(self) -> tuple[str, ...]:
        """The words that the parameter may be; none if it may be any."""
        return get_args(self.hint) if get_origin(self.hint) is Literal else ()

    @property
    def allowed(self) -> str:
        """What is allowed, for messages and tables."""
        if self.rule.bounds:
            return "{} to {}".format(*self.rule.bounds)
        return ", ".join(self.words) or "any"


@dataclass(frozen=True)
class Parameters:
    """Base of the schemas; each field is a parameter, annotated with the rule that it follows."""

    #: Name of the notebook that these parameters belong to, and its folder inside the folder `notebooks`.
    notebook: ClassVar[str]
    folder: ClassVar[str] = ""
    #: The parameter that says what a report is about; a batch runs over its values.
    subject: ClassVar[str]

    def __post_init__(self) -> None:
        for spec in self.specs():
            object.__setattr__(self, spec.name, _checked(spec, getattr(self, spec.name)))

    @classmethod
    def specs(cls) -> tuple[Spec, ...]:
        """Return name, type, default and rule of each parameter, in their order."""
        hints = get_type_hints(cls, include_extras=True)
        annotations = ((item, get_args(hints[item.name])) for item in dataclasses.fields(cls))
        return tuple(Spec(item.name, hint, item.default, rule) for item, (hint, rule) in annotations)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the parameters in their order."""
        return tuple(spec.name for spec in dataclasses.fields(cls))

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], *, from_text: bool = False) -> Self:
        """Return the checked parameters, defaults where `values` is silent.

        Parameters
        ----------
        values : mapping
            Parameter name to value.
        from_text : bool, default False
            Take numbers written as text, as a command line delivers them.

        Raises
        ------
        ParameterError
            If a name is unknown (the message gives the nearest), or a value has the wrong type or is not allowed.
        """
        cls._refuse_unknown(values)
        return cls(**(cls.numbers_from_text(values) if from_text else values))

    @classmethod
    def numbers_from_text(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return `values` with numbers that are written as text as numbers, where the notebook takes a number.

        Parameters
        ----------
        values : mapping
            Parameter name to value, as a command line delivers them.
        """
        hints = {spec.name: spec.hint for spec in cls.specs()}
        return {name: _from_text(value, hints.get(name)) for name, value in values.items()}

    @classmethod
    def from_notebook(cls, namespace: Mapping[str, Any]) -> Self:
        """Return the parameters that the cells above have set in a notebook, checked.

        Parameters
        ----------
        namespace : mapping
            `globals()` of the notebook.

        Raises
        ------
        ParameterError
            If a parameter is missing, has the wrong type or is not allowed, or the run passed an unknown one.
        """
        cls._refuse_unknown(_injected_names(namespace.get("In", ()), cls.names()))
        missing = [name for name in cls.names() if name not in namespace]
        if missing:
            raise ParameterError(
                f"The notebook does not set the parameter {missing[0]!r}. "
                "Run the cell tagged 'parameters' first; it gives every parameter a value."
            )
        return cls(**{name: namespace[name] for name in cls.names()})

    @classmethod
    def _refuse_unknown(cls, names: Iterable[str]) -> None:
        for name in names:
            if name not in cls.names():
                near = difflib.get_close_matches(str(name), cls.names(), n=1, cutoff=0.4)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                known = ", ".join(cls.names())
                raise ParameterError(f"Unknown parameter {name!r:.80}.{hint} The notebook knows: {known}.")

    def to_dict(self) -> dict[str, Any]:
        """Return the parameters as plain dict, in their order, as papermill takes them."""
        return dataclasses.asdict(self)

    @classmethod
    def describe(cls) -> list[dict[str, str]]:
        """Return a row per parameter (name, type, default, allowed, meaning) for documentation."""
        return [
            {
                "name": spec.name,
                "type": {int: "whole number", float: "number"}.get(spec.hint, "text"),
                "default": "none" if spec.default is None else str(spec.default),
                "allowed": spec.allowed,
                "meaning": spec.rule.help,
            }
            for spec in cls.specs()
        ]


def _checked(spec: Spec, value: Any) -> Any:
    """Return `value` if it obeys the rule of its parameter."""
    if spec.hint in (int, float):
        return _checked_number(spec, value)
    if value is None and type(None) in get_args(spec.hint):
        return None
    if type(value) is int and str(value) in spec.words:
        return str(value)  # `papermill -p territory 2009` makes a number of every text that looks like one
    if not isinstance(value, str):
        remedy = " Quote it; for papermill use -r instead of -p." if type(value) is int else ""
        raise ParameterError(f"{spec.name}={value!r:.80} must be text, not {_kind(value)}.{remedy}")
    if spec.words and value not in spec.words:
        raise ParameterError(f"{spec.name}={value!r:.80} is not an option. Allowed: {spec.allowed}.")
    if not value.strip():
        raise ParameterError(f"{spec.name} is empty. {spec.rule.help}")
    if len(value) > _LONGEST_TEXT:
        raise ParameterError(f"{spec.name} has {len(value)} characters; at most {_LONGEST_TEXT} are allowed.")
    if spec.rule.is_day:
        _check_day(spec.name, value)
    return str(value)


def _check_day(name: str, day: str) -> None:
    try:
        datetime.datetime.strptime(day, "%Y-%m-%d")
    except ValueError as error:
        raise ParameterError(f"{name}={day!r:.80} is not a day. Write it like 2014-06-30.") from error


def _checked_number(spec: Spec, value: Any) -> float:
    wanted = (int,) if spec.hint is int else (int, float)
    if type(value) not in wanted:
        remedy = " Write it without quotes." if type(_from_text(value, spec.hint)) in wanted else ""
        if spec.hint is float and isinstance(value, str) and _DECIMAL_COMMA.fullmatch(value):
            remedy = f" Write it with a decimal point: {value.replace(',', '.')}."
        kind = "a whole number" if spec.hint is int else "a number"
        raise ParameterError(f"{spec.name}={value!r:.80} must be {kind}, not {_kind(value)}.{remedy}")
    low, high = spec.rule.bounds or (value, value)
    if not low <= value <= high:
        raise ParameterError(f"{spec.name}={value} is out of bounds. Allowed: {spec.allowed}.")
    return int(value) if float(value).is_integer() else value  # 74 and 74.0 are the same run


def _kind(value: Any) -> str:
    names = {
        str: "text",
        bool: "true or false",
        int: "a whole number",
        float: "a decimal number",
        type(None): "nothing",
    }
    return names.get(type(value), type(value).__name__)


def _from_text(value: Any, hint: Any) -> Any:
    """Return text of digits as a number, with a decimal point where the parameter takes one; all else unchanged for the check to judge."""
    if hint not in (int, float) or not isinstance(value, str) or not value.isascii() or len(value) >= 20:
        return value
    if value.isdigit():
        return int(value)
    return float(value) if hint is float and _DECIMAL.fullmatch(value) else value


def _injected_names(cells: Any, known: tuple[str, ...]) -> list[str]:
    """Return the names that the run's injected cell sets, in the order written.

    `cells` is IPython's `In`: the source of every cell executed so far; outside IPython there is none. Going back, the
    search ends at the notebook's own parameters cell, so an old injected cell of a session cannot raise a false alarm.
    """
    if not isinstance(cells, (list, tuple)):
        return []
    sources = [source for source in cells if isinstance(source, str)]
    for before, source in reversed(list(pairwise(["", *sources]))):
        names, above = _assigned(source), _assigned(before)
        if source.lstrip().startswith(_INJECTED):
            return names
        if set(known) <= set(above) and _looks_injected(source, known):
            return [name for name in names if name not in above]
        if len(set(names).intersection(known)) > 1:
            return []
    return []


def _looks_injected(source: str, known: tuple[str, ...]) -> bool:
    """Whether the cell below the parameters cell is one that jupyter-scheduler wrote: it begins with no mark of its own.

    It sets plain values and nothing else, and one of the names is a parameter or nearly one; a line that a researcher
    tries out there is neither.
    """
    try:
        statements = ast.parse(source).body
        for statement in statements:
            ast.literal_eval(statement.value if isinstance(statement, ast.Assign) else ast.Name("nothing"))
    except (SyntaxError, ValueError):
        return False
    return any(difflib.get_close_matches(name, known, n=1, cutoff=_NEARLY) for name in _assigned(source))


def _assigned(source: str) -> list[str]:
    """Return the names assigned at the top level of a cell; none if the cell is not plain Python."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return []
    names = []
    for statement in statements:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names
