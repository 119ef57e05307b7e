"""Addresses of the web in plain text, so that a reader can follow them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: The web only: a scheme such as `javascript:` or `file:` is text like any other.
_ADDRESS: Final = re.compile(r"\bhttps?://[^\s<>\"'`|\\^{}…„”“«»\u200b-\u200f\ufffd]+")
_CLOSING: Final = {")": "(", "]": "["}


def with_addresses(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text in their order, and whether each is an address.

    Parameters
    ----------
    text : str
        Plain text.

    Yields
    ------
    tuple of (str, bool)
        Joined, the pieces are the text. What ends the sentence or the bracket around an address is not part of it.
    """
    place = 0
    for found in _ADDRESS.finditer(text):
        address = _without_end(found[0])
        if address.endswith("/") and address.count("/") == 2:
            continue
        if found.start() > place:
            yield text[place : found.start()], False
        yield address, True
        place = found.start() + len(address)
    if place < len(text):
        yield text[place:], False


def _without_end(address: str) -> str:
    while True:
        last = address[-1]
        opening = _CLOSING.get(last)
        if last in ".,;:!?*" or (opening and address.count(last) > address.count(opening)):
            address = address[:-1]
        else:
            return address
