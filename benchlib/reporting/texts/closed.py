"""What a report says to those whom it is for, when it is not for everybody."""

from __future__ import annotations

from benchlib.reporting.words import Words


def closed_note(words: Words) -> str:
    """That a report made with access to what is for members only stays with them.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    return words.gettext(
        "This report may hold figures, plans or practice examples that are not public: do not publish it or pass it on."
    )
