"""What all blocks of a report have in common: clean text, escaped HTML, JSON, and a way into JupyterLab."""

from __future__ import annotations

import dataclasses
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias

from markupsafe import Markup, escape

from benchlib.errors import OptionError
from benchlib.reporting.addresses import with_addresses

Json: TypeAlias = dict[str, Any]

#: The key of an output's metadata under which its blocks travel, as a list.
METADATA_KEY: Final = "benchlib"

_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_STARS = re.compile(r"\*(?=\*)")
_EDGES = re.compile(r"^\*|\*$")
_JOINER: Final = "\N{WORD JOINER}"
#: What no page may contain, and marks that turn the direction of writing: a name with one would turn the rest of its line,
#: in attributes and window titles too, where no markup could hold it back.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u061c\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def clean_text(where: str, value: object, *, empty: bool = True) -> str:
    """Return `value` as clean text; characters that no page may contain become U+FFFD.

    Parameters
    ----------
    where : str
        What the text is, for the message.
    value : object
        What came.
    empty : bool, default True
        Whether the text may be empty.

    Returns
    -------
    str

    Raises
    ------
    OptionError
        If the value is not text, or empty although it may not be.
    """
    if not isinstance(value, str):
        raise OptionError(f"{where} must be text, got {type(value).__name__} {value!r:.60}.")
    if not empty and not value.strip():
        raise OptionError(f"{where} is empty. Readers need it; give it a text.")
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)


def set_fields(instance: object, **values: object) -> None:
    """Store checked values in a frozen instance under construction.

    Parameters
    ----------
    instance : object
        A frozen dataclass, in its `__post_init__`.
    **values
        Field to value.
    """
    for name, value in values.items():
        object.__setattr__(instance, name, value)


def rich_text(text: str, *, links: bool = False) -> Markup:
    """Return `text` escaped, with `**bold**`, the only markup there is, as an element.

    Parameters
    ----------
    text : str
        Plain text.
    links : bool, default False
        Make links of addresses that begin with http:// or https://; what is shown is where it leads.

    Returns
    -------
    markupsafe.Markup
    """
    runs = enumerate(_BOLD.split(text))
    return join_html(
        Markup("<strong>{}</strong>" if number % 2 else "{}").format(_linked(run) if links else run)
        for number, run in runs
    )


def _linked(text: str) -> Markup:
    link = Markup("<a href='{0}' rel='noopener noreferrer'>{0}</a>")
    return join_html(link.format(piece) if is_address else escape(piece) for piece, is_address in with_addresses(text))


def literal(text: str) -> str:
    """Return a text that somebody wrote so that it stays as it is between other words: two stars in it would begin or end bold.

    Parameters
    ----------
    text : str
        Plain text.

    Returns
    -------
    str
        With a sign that nobody sees between stars that touch each other, or the end, where other stars may follow.
    """
    apart = _STARS.sub(f"*{_JOINER}", text)
    return _EDGES.sub(lambda star: f"{_JOINER}*" if star.start() == 0 else f"*{_JOINER}", apart)


def join_html(parts: Iterable[Markup]) -> Markup:
    """Return pieces of HTML one after the other.

    Parameters
    ----------
    parts : iterable of markupsafe.Markup
        Escaped pieces.

    Returns
    -------
    markupsafe.Markup
    """
    return Markup("").join(parts)


@dataclass(frozen=True)
class Block(ABC):
    """Base of all blocks: comparable, printable, displayable, and JSON there and back."""

    kind: ClassVar[str]

    def to_json(self) -> Json:
        """Return the block as JSON-ready dict; `block_from_json` reads it back."""
        return {"block": self.kind, **dataclasses.asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Block:
        """Build the block from what `to_json` gave."""
        return cls(**{key: value for key, value in data.items() if key != "block"})

    @abstractmethod
    def __html__(self) -> Markup:
        """Return the block as HTML; Jinja and markupsafe call this."""

    @abstractmethod
    def __str__(self) -> str:
        """Return the block as plain text, for a terminal."""

    def _repr_mimebundle_(self, **_: Any) -> tuple[Json, Json]:
        data = {"text/html": str(self.__html__()), "text/plain": str(self)}
        return data, {METADATA_KEY: [self.to_json()]}
