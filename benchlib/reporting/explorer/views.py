"""What the explorer shows of a selection: ranking, development, two indicators, passports - as blocks, like a report."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchlib.comparison import Profile
from benchlib.indicators import Catalogue, Passport
from benchlib.reporting import plots, tables, texts
from benchlib.reporting.base import Block
from benchlib.reporting.blocks import Bullets, Figure, Heading
from benchlib.reporting.compose import Blocks, bullets, heading, note, say, show
from benchlib.reporting.explorer.drawing import axis_label, development_lines, two_indicators
from benchlib.reporting.plots.position import dimension_word
from benchlib.reporting.values import label_of, label_with_unit, listed, short_value, some_listed
from benchlib.reporting.words import Words


def ranking_view(profile: Profile, passport: Passport, names: Mapping[str, str], words: Words) -> Figure:
    """All selected municipalities on one indicator.

    Parameters
    ----------
    profile : Profile
        Of the selection.
    passport : Passport
        The indicator.
    names : mapping of str to str
        Names by code, in the language.
    words : Words
        Language.

    Returns
    -------
    Figure
    """
    said = texts.ranking_texts(profile, passport, names, words)
    if not passport.direction:
        title = label_of(passport, words, year=int(profile.row(passport.id)["year"]))
        said["caption"] = words.gettext("{indicator}, the greatest on top.").format(indicator=title)
        said["alt"] = f"{said['caption']} {_from_to(profile.values, passport, words)}"
    return show(plots.ranking(profile, passport, names, words), **said)
