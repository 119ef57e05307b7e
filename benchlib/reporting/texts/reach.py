"""What reaching those who do better would be worth."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benchlib.comparison import RoomForManoeuvre
from benchlib.indicators import Passport
from benchlib.reporting.values import listed, marked, marked_names, short_value, volume_note
from benchlib.reporting.words import Words


def reach_note(words: Words) -> str:
    """What the money in the text is and is not.

    Parameters
    ----------
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    _ = words.gettext
    chance = _("FDH and DEA give single figures without an interval; the table of room for manoeuvre has intervals.")
    scale = _(
        "The euro are a scale for discussion, not a saving that can be entered into a budget: they multiply the difference in cost "
        "per pupil by the pupils of grades 1-9 who could be matched to the municipality, fewer than all pupils. "
        "Before anything is decided, ask the "
        "municipalities named how they do it."
    )
    return f"{chance} {scale}"


def reach_bullets(
    table: pd.DataFrame,
    names: Mapping[str, str],
    money: Passport,
    result: Passport,
    words: Words,
    *,
    room: RoomForManoeuvre | None = None,
    doubtful: Collection[str] = (),
    is_doubtful: bool = False,
) -> list[str]:
    """What reaching the frontier would mean, in euro and in points, by method.

    Parameters
    ----------
    table : pandas.DataFrame
        From `ServiceScores.reach`.
    names : mapping of str to str
        Names by code, in the report's language.
    money : Passport
        The input: money per user.
    result : Passport
        The output.
    words : Words
        Language of the text.
    room : RoomForManoeuvre, optional
        Years of the cost and of the users; where they differ, the euro say of which year the users are.
    doubtful : collection of str
        Codes of those with doubtful figures (`ServiceScores.doubtful`).
    is_doubtful : bool
        Whether the own cost is doubtful; it is marked.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    if table.empty:
        return [_("Without a score nothing can be said about reaching the frontier.")]
    is_other = room is not None and volume_note(room.year, room.volume_year, words)
    users = str(int(room.volume_year)) if room is not None and is_other else ""
    shown = marked_names(names, doubtful)
    return [
        _reach_bullet(row, shown, result, users, words, is_doubtful=is_doubtful) for row in table.to_dict("records")
    ]


def _reach_bullet(
    row: Mapping[Any, Any], names: Mapping[str, str], result: Passport, users: str, words: Words, *, is_doubtful: bool
) -> str:
    """One method: what its peers reach; they are named only where they do better, for the best are their own peers."""
    _ = words.gettext
    is_input = row["orientation"] == "input"
    is_better = row["saving_per_user"] >= 0.5 if is_input else row["gain"] >= 0.05
    thousands = round(0.0 if np.isnan(row["saving_eur"]) else row["saving_eur"], -3)
    if not is_better:
        text = (
            _("{method}: nobody compared reaches the same result with less money per pupil.")
            if is_input
            else _("{method}: nobody compared reaches a higher result with the same money per pupil.")
        )
    elif not is_input:
        text = _("{method}: a result of {output_target} instead of {output} with the same money per pupil.")
    elif thousands and users:
        text = _(
            "{method}: the same result with {target} instead of {own} per pupil, about {saving} a year less (with the pupils of {users})."
        )
    elif thousands:
        text = _("{method}: the same result with {target} instead of {own} per pupil, about {saving} a year less.")
    else:
        text = _("{method}: the same result with {target} instead of {own} per pupil.")
    bare = _("without an interval")
    peers = f" ({_peers(row['peers'], names, words)}; {bare})" if is_better else ""
    return text.format(
        method=f"**{row['method']}**{peers}",
        target=words.euro(row["input_target"]),
        own=marked(words.euro(row["input"]), is_doubtful),
        saving=words.euro(thousands),
        users=users,
        output=short_value(row["output"], result, words),
        output_target=short_value(row["output_target"], result, words),
    )


def _peers(peers: Sequence[tuple[str, float]], names: Mapping[str, str], words: Words) -> str:
    """The peers by name; a mixture with the share of each that is not rounded to nothing."""
    heavy = [(code, weight) for code, weight in peers if weight >= 0.005]
    if len(heavy) == 1:
        return names[heavy[0][0]]
    return listed([f"{names[code]} {words.percent(100 * weight, 0)}" for code, weight in heavy], words)
