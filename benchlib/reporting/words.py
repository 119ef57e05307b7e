"""The words of a report in Latvian and English: sentences, numbers, dates, and the cases of Latvian place names.

Sentences are written in English in the code and translated in `locale/lv.po`. A sentence carries its figures as named
fields, and a name takes the case that the language asks for, so translations may turn the sentence around:

>>> words = Words("lv")
>>> bauska = Name("Bauskas novads", "lv")
>>> "Skolas {m:loc} izmaksā {x}.".format(m=bauska, x=words.euro(2840))
'Skolas Bauskas novadā izmaksā 2\u202f840\u202f€.'
"""

from __future__ import annotations

import datetime
import gettext
import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from benchlib.errors import OptionError
from benchlib.terms import Language, check_option

if TYPE_CHECKING:
    from benchlib.indicators import Territory

#: The translations, one file per language other than English.
LOCALE_FOLDER: Final = Path(__file__).parent / "locale"
#: What stands where a figure is missing.
MISSING: Final = "…"

_MINUS = "\N{MINUS SIGN}"
#: Narrow and unbreakable: between thousands, and between a number and its unit.
_SPACE = "\N{NARROW NO-BREAK SPACE}"
_DASH = "\N{EN DASH}"
_JOINER = "\N{WORD JOINER}"  # after a dash, where a narrow column would break the line

#: Endings of Latvian place names: nominative -> genitive, dative, accusative, locative. The first that fits counts.
_CASES: Final = ("gen", "dat", "acc", "loc")
_DECLENSIONS: Final = (
    ("pils", ("pils", "pilij", "pili", "pilī")),  # Daugavpils: sixth declension
    ("s", ("a", "am", "u", "ā")),  # novads, pagasts: first
    ("a", ("as", "ai", "u", "ā")),  # Rīga, pilsēta: fourth
    ("e", ("es", "ei", "i", "ē")),  # Rēzekne, Zemgale: fifth
)


class Name(str):
    """A place name that takes Latvian cases in a format field: `{name:loc}`.

    Parameters
    ----------
    text : str
        The name in the nominative.
    language : {"lv", "en"}
        In English the case is ignored and the name stays as it is.

    Examples
    --------
    >>> f"{Name('Cēsu novads', 'lv'):dat}", f"{Name('Rīga', 'lv'):loc}", f"{Name('Cēsis municipality', 'en'):loc}"
    ('Cēsu novadam', 'Rīgā', 'Cēsis municipality')
    """

    language: Language

    def __new__(cls, text: str, language: Language) -> Name:  # noqa: D102 - the class docstring says it
        name = super().__new__(cls, text)
        name.language = check_option("language", language, Language)
        return name

    def __format__(self, spec: str) -> str:
        if spec in _CASES:
            return self._declined(_CASES.index(spec)) if self.language == "lv" else str(self)
        return str(self) if spec == "nom" else super().__format__(spec)

    def _declined(self, case: int) -> str:
        for ending, others in _DECLENSIONS:
            if self.endswith(ending):
                return self[: -len(ending)] + others[case]
        return str(self)

    def __getnewargs__(self) -> tuple[str, Language]:  # type: ignore[override]
        return str(self), self.language


@lru_cache(maxsize=4)
def translations(language: Language) -> gettext.NullTranslations:
    """Return the translations into a language, read from its .po file once per process.

    Parameters
    ----------
    language : {"lv", "en"}
        English is the language of the code and needs no file.

    Returns
    -------
    gettext.NullTranslations
        Sentences that are not translated, or marked fuzzy, stay English.
    """
    if language == "en":
        return gettext.NullTranslations()
    with (LOCALE_FOLDER / f"{language}.po").open("rb") as file:
        return _Translations(read_po(file, locale=language))


class _Translations(gettext.NullTranslations):
    """The messages of a catalogue; compiled files in the repository would be a second truth."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self._plural = gettext.c2py(catalog.plural_expr)
        self._singles: dict[str, str] = {}
        self._plurals: dict[str, tuple[str, ...]] = {}
        for message in catalog:
            if not message.id or not message.string or message.fuzzy:
                continue
            if isinstance(message.id, str):
                self._singles[message.id] = str(message.string)
            elif all(message.string):
                self._plurals[message.id[0]] = tuple(message.string)

    def gettext(self, message: str) -> str:
        return self._singles.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = self._plurals.get(msgid1)
        return forms[self._plural(n)] if forms else super().ngettext(msgid1, msgid2, n)


class Words:
    """Sentences, numbers and dates in one language.

    Parameters
    ----------
    language : {"lv", "en"}
        Language of the report.

    Raises
    ------
    OptionError
        If the language is another one.
    """

    def __init__(self, language: Language = "lv") -> None:
        self.language: Language = check_option("language", language, Language)
        self._translations = translations(self.language)
        self._locale = Locale.parse({"lv": "lv", "en": "en_GB"}[self.language])  # days before months

    def __repr__(self) -> str:
        return f"Words({self.language!r})"

    def gettext(self, message: str) -> str:
        """Return the sentence in this language; untranslated ones stay English."""
        return self._translations.gettext(message) if message else ""

    _ = gettext

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the form of the sentence that goes with `n`; Latvian has three (0 or 11, 1 or 21, 2)."""
        return self._translations.ngettext(singular, plural, abs(int(n)))

    def name(self, territory: Territory) -> Name:
        """Return the name of a municipality in this language, ready for its cases."""
        return Name(territory.name if self.language == "lv" else territory.name_en, self.language)

    @property
    def missing(self) -> str:
        """The words for a figure that there is not."""
        return self.gettext("no data")

    def number(self, x: Any, decimals: int = 0, *, sign: bool = False) -> str:
        """Return a number in the notation of the language.

        Parameters
        ----------
        x : float or None
            The number; None and NaN are missing and become "…".
        decimals : int, default 0
            Digits after the decimal mark; halves are rounded away from zero, as readers do.
        sign : bool, default False
            Write a plus before positive numbers, for differences.

        Returns
        -------
        str
            For example "−1 234,5" with a real minus sign and unbreakable spaces; zero never has a sign.
        """
        value = _decimal(x, decimals)
        if value is None:
            return MISSING
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        text = format_decimal(abs(value), format=pattern, locale=self._locale).replace("\N{NO-BREAK SPACE}", _SPACE)
        if value == 0:
            return str(text)
        return f"{_MINUS if value < 0 else '+' if sign else ''}{text}"

    def euro(self, x: Any, decimals: int = 0, *, sign: bool = False) -> str:
        """Return an amount in euro: "1 234 €" in Latvian, "€1,234" in English; missing is "…"."""
        text = self.number(x, decimals, sign=sign)
        if text == MISSING:
            return text
        if self.language == "lv":
            return f"{text}{_SPACE}€"
        return f"{text[0]}€{text[1:]}" if text[0] in f"+{_MINUS}" else f"€{text}"

    def percent(self, x: Any, decimals: int = 1, *, sign: bool = False) -> str:
        """Return `x`, which is in per cent already (12.3, not 0.123), with its sign; missing is "…"."""
        text = self.number(x, decimals, sign=sign)
        return text if text == MISSING else f"{text}{_SPACE if self.language == 'lv' else ''}%"

    def points(self, x: Any, decimals: int = 1, *, sign: bool = False) -> str:
        """Return a number of percentage points with the word in its plural form; missing is "…"."""
        value = _decimal(x, decimals)
        if value is None:
            return MISSING
        text = self.ngettext("{x} percentage point", "{x} percentage points", self._stand_in(value))
        return text.format(x=self.number(x, decimals, sign=sign))

    def points_range(self, low: Any, high: Any, decimals: int = 1, *, sign: bool = False) -> str:
        """Return the range between two numbers of percentage points, neither of them missing."""
        form = self._stand_in(_decimal(high, decimals) or Decimal(0))
        text = self.ngettext("{low} to {high} percentage point", "{low} to {high} percentage points", form)
        return text.format(low=self.number(low, decimals, sign=sign), high=self.number(high, decimals, sign=sign))

    def _stand_in(self, value: Decimal) -> int:
        """A whole number that takes the same plural form: 1,1 takes that of 1 and 10,0 that of 0 in Latvian."""
        return {"zero": 0, "one": 1}.get(self._locale.plural_form(abs(value)), 2)

    def rank(self, position: Any, of: Any = None) -> str:
        """Return a place in an order: "3." or "3rd", with `of` "3. no 34" or "3rd of 34"; missing is "…"."""
        value = _decimal(position, 0)
        if value is None:
            return MISSING
        text = f"{value}{_ordinal(int(value)) if self.language == 'en' else '.'}"
        if of is None:
            return text
        ranked = self.gettext("{rank} of {count}").format(rank=text, count=self.number(of))
        return ranked.replace(" ", "\N{NO-BREAK SPACE}")  # in a narrow column "3. no" would part from its "34"

    def interval(self, low: Any, high: Any, decimals: int = 2) -> str:
        """Return the range from `low` to `high`; with a negative end in words, since a dash looks like a minus."""
        ends = self.number(low, decimals), self.number(high, decimals)
        if any(end.startswith(_MINUS) for end in ends):
            return self.gettext("{low} to {high}").format(low=ends[0], high=ends[1])
        return f"{_DASH}{_JOINER}".join(ends)

    def date(self, day: datetime.date | str | None) -> str:
        """Return a day in words; `day` may be text like "2026-11-22", None is missing."""
        if day is None:
            return MISSING
        if isinstance(day, str):
            try:
                day = datetime.date.fromisoformat(day[:10])
            except ValueError as error:
                raise OptionError(f"day={day!r} is not a date. Write it like 2026-11-22.") from error
        return str(format_date(day, format="long", locale=self._locale))

    def time(self, text: str) -> str:
        """Return a year, month or day ("2012", "2012-09", "2012-09-01") in words; what is none of them as it is.

        In Latvian all three begin with the year: "2012. gads", "2012. gada septembris", "2012. gada 1. septembris".
        """
        parts = text.split("-")
        try:
            numbers = [int(part) for part in parts]
            day = datetime.date(*[*numbers, 1, 1][:3])
        except (ValueError, TypeError):
            return text
        if len(parts) == 3:
            return self.date(day)
        if len(parts) == 1:
            return text if self.language == "en" else f"{text}. gads"
        month = str(format_date(day, "LLLL", locale=self._locale))
        return f"{month} {day.year}" if self.language == "en" else f"{day.year}. gada {month}"


def slug(text: str, longest: int = 60) -> str:
    """Return `text` as a word of a-z, 0-9 and dashes, for file names and anchors; "x" if nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:longest].strip("-") or "x"


def _decimal(x: Any, decimals: int) -> Decimal | None:
    """Return `x` rounded to `decimals`, or None when it is missing (None, NaN, pandas' NA)."""
    if x is None or not isinstance(x, (Real, Decimal)) or not math.isfinite(x):
        if isinstance(x, str) or (isinstance(x, Real) and math.isinf(x)):
            raise OptionError(f"{x!r} is not a number that can be shown.")
        return None
    return Decimal(repr(float(x))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _ordinal(position: int) -> str:
    if 11 <= position % 100 <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(position % 10, "th")
