"""What reaches a person has no place in what many read for years: e-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from typing import Final

#: An e-mail address, a number with the code of its country, or eight digits as Latvian numbers have them (no two years, no amount).
_REACHES_A_PERSON: Final = re.compile(
    r"\S@\S+\.\w|\+\d[\d\s()-]{6,}\d"
    r"|(?<!\d)(?!(?:19|20)\d\d[\s-](?:19|20)\d\d)[26]\d(?:[\s-]?\d){6}(?!\d)(?!\s*(?i:€|eur|eiro))"
)


def reaches_a_person(text: str) -> bool:
    """Whether a text holds an e-mail address or a telephone number.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    bool
    """
    return _REACHES_A_PERSON.search(text) is not None
