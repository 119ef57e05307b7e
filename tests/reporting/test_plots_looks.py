"""How figures look to those who see badly, on a phone, and in both languages: contrast, colour blindness, sizes, notation."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from drawings import BLINDNESS, as_seen, contrast, drawn, ink
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text
from report_cases import MONEY, PASSPORTS, RESULT, case
from service_cases import case as service_case
from service_cases import named

import benchlib as bl
from benchlib.reporting import Words, plots, texts
from benchlib.reporting.drawing.outline import laid_out
from benchlib.reporting.plots import overview, style, tilemap
from benchlib.reporting.plots.tilemap import tiles

#: CSS pixels of a figure on a phone 360 pixels wide: the page's margins and the figure's frame are taken off.
PHONE = 334
#: Least size of letters there, in pixels.
LEGIBLE = 9.0

Drawing = Callable[[Words], Axes | Figure]
SCORES = {code: 0.4 + k / 70 for k, code in enumerate(sorted(tiles())[:38])}

DRAWINGS: dict[str, Drawing] = {
    "tile map": lambda words: plots.tile_map(*texts.tiles_of(case("bauska").unit, case("bauska").group)),
    "tile values": lambda words: plots.tile_values(SCORES, words, own=["0025000"]),
    "glance": lambda words: plots.glance(case("bauska").profile, PASSPORTS, words),
    "ranking": lambda words: plots.ranking(case("bauska").profile, MONEY, case("bauska").names(words), words),
    "ranking of shares": lambda words: plots.ranking(
        case("bauska").profile, RESULT, case("bauska").names(words), words
    ),
    "frontier": lambda words: plots.frontier(case("bauska").scores, case("bauska").names(words), PASSPORTS, words),
    "former": lambda words: plots.former(case("bauska").labelled(words), PASSPORTS, words),
    "trends": lambda words: plots.trends(case("bauska").development, PASSPORTS, words),
    "slope": lambda words: plots.slope(slope_figures(), MONEY, case("bauska").names(words), words, own="0025000"),
    "radar": lambda words: plots.radar(
        case("bauska").profile, PASSPORTS, words, indicators=list(case("bauska").profile.table["indicator"])[:8]
    ),
    "intervals": lambda words: plots.score_intervals(
        service_case("today").overview.certainty,  # type: ignore[arg-type]
        named(words.language),
        words,
        own=["0025000"],
    ),
    "ranks": lambda words: plots.rank_ranges(service_case("today").overview.methods, named(words.language), words),
    "context": lambda words: plots.context_effects(service_case("today").overview.context, PASSPORTS, words),
    "mergers": lambda words: plots.merger_gains(service_case("today").reform, named(words.language), words),  # type: ignore[arg-type]
}


def slope_figures() -> pd.DataFrame:
    return bl.load_indicators([MONEY.id], municipalities=list(case("bauska").group.codes), years=[2011, 2013])


@pytest.fixture(
    scope="module", params=[(what, language) for what in DRAWINGS for language in ("lv", "en")], ids="-".join
)
def figure(request: pytest.FixtureRequest) -> Figure:
    what, language = request.param
    return drawn(DRAWINGS[what](Words(language)))


def written(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def test_letters_can_be_read_on_a_phone(figure: Figure) -> None:
    pixels_per_point = PHONE / (figure.get_figwidth() * 72)
    assert {t.get_text() for t in written(figure) if t.get_fontsize() * pixels_per_point < LEGIBLE} == set()


def test_letters_stand_out_from_what_lies_below(figure: Figure) -> None:
    """4.5 : 1 on white; letters on tiles are tested below."""
    colours = {to_hex(text.get_color()) for text in written(figure)} - {"#ffffff"}
    assert {colour for colour in colours if contrast("#ffffff", colour) < 4.5} == set()


def test_all_letters_are_in_the_houses_font(figure: Figure) -> None:
    for text in written(figure):
        font = text.get_fontproperties()
        assert font.get_family() == ["benchlib", "benchlib rest"], text.get_text()
        own = font.copy()
        own.set_family("benchlib")
        for line in text.get_text().split("\n"):
            assert laid_out(line, own) == laid_out(line, font), "no letter comes from elsewhere"


def test_numbers_are_written_in_the_language(figure: Figure, request: pytest.FixtureRequest) -> None:
    language = request.node.callspec.params["figure"][1]
    numbers = [found for text in written(figure) for found in re.findall(r"\d[\d.,\s]*\d", text.get_text())]
    assert not [number for number in numbers if re.search(r"\d \d{3}", number)], (
        "thousands are parted by a space that does not break"
    )
    if language == "lv":
        assert not [number for number in numbers if re.search(r"\d\.\d", number)], "a decimal comma"
        assert not [number for number in numbers if re.fullmatch(r"\d{5,}", number)], "thousands are parted"
    else:
        assert not [number for number in numbers if re.search(r"\d,\d{1,2}(?!\d)", number)], "a decimal point"


def test_marks_stand_out_from_the_paper() -> None:
    for colour in (style.MIDDLE, style.OWN, style.ACCENT, style.INK, style.INTERVAL, *overview._INKS):
        assert contrast("#ffffff", colour) >= 3, colour


def test_letters_on_tiles_can_be_read() -> None:
    axes = [plots.tile_map(["0025000"], ["0001000"]), plots.tile_values(SCORES, Words("lv"))]
    for ax in axes:
        grounds = {}
        for found in ax.collections:
            for path in found.get_paths() if found.get_clip_on() and len(found.get_facecolor()) else ():
                x, y = path.vertices[:, 0].min(), path.vertices[:, 1].min()
                grounds[int(y), int(x)] = to_hex(found.get_facecolor()[0])
        shorts = [
            text
            for text in ax.texts
            if float(text.get_position()[1]).is_integer() is False and text.get_position()[0] > 0.4
        ]
        checked = 0
        for text in shorts:
            x, y = text.get_position()
            if (int(y), int(x)) in grounds and (x % 1, y % 1) == (0.5, 0.5):
                assert contrast(grounds[int(y), int(x)], to_hex(text.get_color())) >= 4.5, text.get_text()
                checked += 1
        assert checked == 42


@pytest.mark.parametrize("blindness", [*BLINDNESS, ""])
def test_shades_of_the_map_follow_each_other_for_everybody(blindness: str) -> None:
    seen = [as_seen(shade, blindness) if blindness else shade for shade in tilemap.SHADES]
    assert all(contrast(paler, darker) > 1.25 for paler, darker in pairwise(seen))
    lightness = [contrast("#000000", shade) for shade in seen]
    assert lightness == sorted(lightness, reverse=True)


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_own_stands_out_for_everybody(blindness: str) -> None:
    """By colour even then; and by size, letters or shape in any case (see the tests of each figure)."""
    own, accent, middle, half = (
        np.array(to_rgba(as_seen(c, blindness))) for c in (style.OWN, style.ACCENT, style.MIDDLE, style.HALF)
    )
    for first, second in combinations((own, accent, middle, half), 2):
        assert np.abs(first - second).max() > 0.12


@pytest.mark.parametrize("what", ["frontier", "ranking"])
def test_the_own_dot_is_the_largest(what: str) -> None:
    ax = DRAWINGS[what](Words("lv"))
    assert isinstance(ax, Axes)
    sizes = {to_hex(c.get_facecolor()[0]): float(max(c.get_sizes())) for c in ax.collections if _has_sizes(c)}
    assert max(sizes, key=sizes.__getitem__) == style.OWN


def _has_sizes(found: Collection) -> bool:
    return hasattr(found, "get_sizes") and len(found.get_offsets()) > 0 and len(found.get_sizes()) > 0


def test_the_better_ones_have_a_ground_with_its_name() -> None:
    it = case("bauska")
    ax = plots.frontier(it.scores, it.names(Words("en")), PASSPORTS, Words("en"))
    (ground,) = ax.patches
    assert "cheaper and better" in [text.get_text() for text in ax.texts]
    inside = {
        str(unit)
        for unit, x, y in zip(it.scores.sample.units, it.scores.sample.X[:, 0], it.scores.sample.Y[:, 0], strict=True)
        if ground.get_window_extent().contains(*ax.transData.transform((x, y))) and str(unit) != it.unit.code
    }
    assert inside == set(it.scores.better["unit"])
    crowded = case("former")
    ax = plots.frontier(crowded.scores, crowded.names(Words("en")), PASSPORTS, Words("en"))
    drawn(ax)
    for first, second in combinations([ink(text) for text in ax.texts], 2):
        assert not first.overlaps(second), "a name that has no room is left out"
    best = case("best")
    assert best.scores.better.empty
    assert not plots.frontier(best.scores, best.names(Words("en")), PASSPORTS, Words("en")).patches
