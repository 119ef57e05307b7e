"""The radar: a municipality's shape over a few indicators, for readers who know the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from benchlib.comparison import Profile
from benchlib.errors import OptionError
from benchlib.indicators import Passport
from benchlib.reporting.plots.rows import KEY_LINE, Mark, draw_key, key_lines
from benchlib.reporting.plots.standing import Standing, standings
from benchlib.reporting.plots.style import (
    GREY,
    HALF,
    INK,
    OWN,
    PALE,
    WIDTH,
    beside,
    canvas,
    folded,
    house_style,
)
from benchlib.reporting.values import label_of, short_value
from benchlib.reporting.words import Words

Floats = NDArray[np.float64]

_LEAST, _MOST = 3, 8
#: Where a position of 0 lies: in the very middle the lines of all indicators would meet and say nothing.
_HOLE: Final = 0.15
_RINGS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
#: Inches: radius of the outer ring, from the middle to the labels, a line of a label, its widest line above and below.
_RADIUS: Final = 1.2
_LABELS: Final = 1.29
_LINE: Final = 0.17
_WIDEST: Final = 1.55


def radar(
    profile: Profile,
    passports: Mapping[str, Passport],
    words: Words,
    ax: Axes | None = None,
    *,
    indicators: Sequence[str] | None = None,
) -> Axes:
    """Positions of the municipality in its group as a shape: the outer ring is the best of the group, the inner the worst.

    For networks that are used to the form, with three to eight indicators of about equal weight, in the same order each time. Use `glance`
    otherwise: its lines can be read off and compared, while the area of a radar depends on the order of its axes, and it shows no single
    municipality of the group. It says nothing on uncertainty; positions have none.

    Parameters
    ----------
    profile : Profile
        From `comparison.profile`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the labels.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; new ones if absent.
    indicators : sequence of str, optional
        Which of the profile's indicators, clockwise from the top; by default all that have a direction.

    Returns
    -------
    matplotlib.axes.Axes
        A position p lies at a distance of 0.15 + 0.85 p from (0, 0).

    Raises
    ------
    OptionError
        If there are fewer than three or more than eight indicators, or one of them has no direction.
    """
    _ = words.gettext
    rows = _rows(profile, passports, indicators)
    places = standings(profile, rows, passports)
    with house_style():
        key = key_lines(
            [
                Mark(str(words.name(profile.municipality)), OWN),
                Mark(_("middle half of the group"), HALF, "line"),
                Mark(_("its median"), INK, "dashes"),
            ]
        )
        angles = np.pi / 2 - 2 * np.pi * np.arange(len(rows)) / len(rows)
        labels = [_label(angle, row, passports, words) for angle, row in zip(angles.tolist(), rows, strict=True)]
        above = max(0.0, *(label.top - _RADIUS for label in labels)) + 0.08
        below = max(0.0, *(-_RADIUS - label.bottom for label in labels)) + 0.08
        if ax is None:
            side, top = WIDTH / 2 - _RADIUS, above + KEY_LINE * len(key)
            ax = canvas(2 * _RADIUS + top + below, left=side, right=side, top=top, bottom=below)
            draw_key(ax, key, left=side - 0.1, above=above)
        else:
            draw_key(ax, key, left=0.0, above=above)
        ax.set_xlim(-1, 1)
        ax.set_ylim(-1, 1)
        ax.set_aspect("equal")
        ax.axis("off")
        _draw_web(ax, angles)
        _draw_group(ax, angles, places)
        _draw_own(ax, angles, np.array([place.own for place in places]))
        for label in labels:
            _write(ax, label)
    return ax


def _rows(
    profile: Profile, passports: Mapping[str, Passport], indicators: Sequence[str] | None
) -> list[dict[str, Any]]:
    """The rows of the profile to draw, in their order."""
    table = profile.table.set_index("indicator", drop=False)
    wanted = list(indicators) if indicators is not None else [i for i in table.index if passports[i].direction]
    lacking = [i for i in wanted if i not in table.index]
    if lacking:
        raise OptionError(f"The profile has no indicator {lacking[0]!r}; it has {', '.join(table.index)}.")
    if not _LEAST <= len(wanted) <= _MOST:
        raise OptionError(
            f"A radar takes {_LEAST} to {_MOST} indicators, got {len(wanted)}. Choose with indicators=[...], or use glance()."
        )
    without = [i for i in wanted if not passports[i].direction]
    if without:
        raise OptionError(f"{without[0]!r} has no better and worse, which a radar shows; use glance().")
    return [dict(table.loc[i]) for i in wanted]


def _points(angles: Floats, positions: Floats) -> Floats:
    reach = _HOLE + (1 - _HOLE) * positions
    return np.column_stack([reach * np.cos(angles), reach * np.sin(angles)])


def _closed(points: Floats) -> Floats:
    return np.vstack([points, points[:1]])


def _draw_web(ax: Axes, angles: Floats) -> None:
    """Rings at each quarter, and spokes."""
    for ring in _RINGS:
        points = _closed(_points(angles, np.full(len(angles), ring)))
        ax.plot(*points.T, color=PALE, lw=1.2 if ring in {0.0, 1.0} else 0.7, zorder=1)
    ends = np.stack([_points(angles, np.zeros(len(angles))), _points(angles, np.ones(len(angles)))], axis=1)
    spokes = np.concatenate([ends, np.full((len(angles), 1, 2), np.nan)], axis=1).reshape(-1, 2)
    ax.plot(*spokes.T, color=PALE, lw=0.7, zorder=1)


def _draw_group(ax: Axes, angles: Floats, places: Sequence[Standing]) -> None:
    """The middle half of the group as a ring, its median dashed; nothing where an indicator has no figures."""
    low, high = (np.array([getattr(place, end) for place in places]) for end in ("low", "high"))
    medians = np.array([place.median for place in places])
    if np.isnan(medians).any():
        return
    # The hole runs the other way round.
    outer, hole = _closed(_points(angles, high)), _closed(_points(angles, low))[::-1]
    ring = Path.make_compound_path(Path(outer, closed=True), Path(hole, closed=True))
    ax.add_patch(PathPatch(ring, facecolor=HALF, lw=0, zorder=0.5))
    ax.plot(*_closed(_points(angles, medians)).T, color=INK, lw=1.1, ls=(0, (4, 3)), zorder=2)


def _draw_own(ax: Axes, angles: Floats, own: Floats) -> None:
    """The own shape; it is open where a figure is missing."""
    points = _points(angles, own)
    ax.plot(*_closed(points).T, color=OWN, lw=2.2, zorder=3)
    x, y = points[np.isfinite(own)].T
    ax.scatter(x, y, s=34, color=OWN, edgecolor="white", lw=0.8, zorder=4)


class _Label(NamedTuple):
    """Name and own value outside the outer ring: where their first and last line end, in inches from the middle."""

    x: float
    top: float
    side: Literal["left", "center", "right"]
    name: str
    value: str
    is_missing: bool

    @property
    def bottom(self) -> float:
        """Where the value ends."""
        return self.top - _LINE * (self.name.count("\n") + 2)


def _label(angle: float, row: Mapping[str, Any], passports: Mapping[str, Passport], words: Words) -> _Label:
    passport = passports[row["indicator"]]
    x, y = _LABELS * np.cos(angle), _LABELS * np.sin(angle)
    side: Literal["left", "center", "right"] = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
    name = folded(label_of(passport, words), _WIDEST if side == "center" else WIDTH / 2 - abs(x) - 0.05)
    high = _LINE * (name.count("\n") + 2)
    top = y + high if y > 0.3 else y if y < -0.3 else y + high / 2
    is_missing = bool(np.isnan(row["value"]))
    value = words.missing if is_missing else short_value(row["value"], passport, words)
    return _Label(float(x), float(top), side, name, value, is_missing)


def _write(ax: Axes, label: _Label) -> None:
    """Line by line: the value, in its own colour, stands below the name."""
    x = label.x / _RADIUS
    for number, line in enumerate([*label.name.split("\n"), label.value]):
        y = (label.top - _LINE * (number + 0.5)) / _RADIUS
        is_value = number == label.name.count("\n") + 1
        ink = INK if not is_value else GREY if label.is_missing else OWN
        weight = "bold" if is_value and not label.is_missing else "normal"
        ax.text(x, y, line, ha=label.side, color=ink, fontweight=weight, **beside(ax, ax.transData))
