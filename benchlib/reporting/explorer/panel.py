"""The controls of the explorer: which municipalities, which indicators, which year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, get_args

from benchlib.errors import BenchlibError
from benchlib.indicators import Passport, Store, catalogue_of, find_municipality
from benchlib.reporting.explorer.controls import TickList, dropdown, set_options, widgets
from benchlib.reporting.explorer.selection import (
    ExplorerParameters,
    Selection,
    available_indicators,
    group_members,
    search_indicators,
    search_municipalities,
    years_of,
)
from benchlib.reporting.values import dimension_word
from benchlib.reporting.words import Words
from benchlib.terms import Dimension

#: The group that is ticked by hand.
_BY_HAND: Final = "own"


class Controls:
    """What a selection is made with.

    Parameters
    ----------
    parameters : ExplorerParameters
        What is selected first, and which figures may be shown.
    changed : callable
        Called when the selection has changed.
    store : Store, optional
        Another store than that of the shipped figures.

    Attributes
    ----------
    municipality, group, year : ipywidgets.Dropdown
        The highlighted municipality, whom to show beside it, the year. Setting `.value` does what a click does.
    municipalities, indicators : TickList
        The lists to tick: `municipalities.boxes["0025000"].value = True`.
    passports : dict of str to Passport
        The indicators that can be chosen, by id.
    problem : str
        Why the last choice could not be followed; "" if it was.
    widget : ipywidgets.VBox
        All of it, to be displayed.

    Raises
    ------
    BenchlibError
        If a name or an indicator of the parameters is not known, or may not be shown.
    """

    def __init__(
        self, parameters: ExplorerParameters, changed: Callable[[], None], *, store: Store | None = None
    ) -> None:
        self._asked, self._changed, self._store = parameters, changed, store
        self._words = Words(parameters.language)
        unit = find_municipality(parameters.municipality, parameters.territory)
        members = group_members(parameters.group, unit.code, parameters, store)
        years_of(parameters.indicator_ids, parameters, store)  # raises if one is unknown, closed or without figures
        self.passports: dict[str, Passport] = available_indicators(parameters, store)
        self.problem = ""
        self._is_quiet = False
        self.municipalities, self.indicators = self._list_of_municipalities(), self._list_of_indicators()
        self.municipalities.tick(members, fixed=unit.code)
        self.indicators.tick(parameters.indicator_ids)
        self._choose(unit.code)
        choices = [self.municipality, self.group, self.year, self.municipalities.widget, self.indicators.widget]
        self.widget = widgets.VBox(choices, layout=widgets.Layout(width="330px", flex="0 0 auto"))

    @property
    def selection(self) -> Selection:
        """What is selected now."""
        ticked = self.municipalities.ticked, self.indicators.ticked
        return Selection(self.municipality.value, *ticked, self.year.value, **self._asked.asked)

    @property
    def named_indicators(self) -> list[tuple[str, str]]:
        """Name and id of the selected indicators."""
        return [(self.passports[name].name[self._words.language], name) for name in self.indicators.ticked]

    # Making them ----------------------------------------------------------------------------------------------------

    def _list_of_municipalities(self) -> TickList:
        words, territory = self._words, self._asked.territory
        return TickList(
            {unit.code: str(words.name(unit)) for unit in search_municipalities("", territory, words)},
            lambda text: [unit.code for unit in search_municipalities(text, territory, words)],
            self._ticked_by_hand,
            title=words.gettext("Municipalities to compare"),
            words=words,
        )

    def _list_of_indicators(self) -> TickList:
        words, order = self._words, get_args(Dimension)
        passports = sorted(self.passports.values(), key=lambda passport: order.index(passport.dimension))
        return TickList(
            {passport.id: passport.name[words.language] for passport in passports},
            lambda text: [passport.id for passport in search_indicators(text, passports, words)],
            self._indicators_changed,
            title=words.gettext("Indicators to compare"),
            words=words,
            headings={passport.id: dimension_word(passport.dimension, words) for passport in passports},
        )

    def _choose(self, code: str) -> None:
        _, word, years = self._words.gettext, self._asked.group, self._years()
        names = [(box.description, key) for key, box in self.municipalities.boxes.items()]
        by_hand = _BY_HAND if word.startswith(_BY_HAND) else word
        self.municipality = dropdown(_("Municipality"), names, code, self._municipality_or_group_changed)
        self.group = dropdown(_("Compare with"), self._groups(), by_hand, self._municipality_or_group_changed)
        self.year = dropdown(
            _("Year"), [(str(y), y) for y in years], _nearest(self._asked.year, years), self._year_changed
        )

    def _groups(self) -> list[tuple[str, str]]:
        _, language = self._words.gettext, self._words.language
        networks = catalogue_of(self._store).networks
        named = {
            "similar": _("the most similar"),
            "region": _("its planning region"),
            "kind": _("all of its kind"),
            "all": _("all municipalities"),
            **{f"network:{key}": network.name[language] for key, network in networks.items()},
            _BY_HAND: _("those ticked below"),
        }
        return [(label, word) for word, label in named.items()]

    def _years(self) -> list[int]:
        """Years in which any of the ticked indicators has figures, the last first."""
        found = years_of(self.indicators.ticked, self._asked, self._store) if self.indicators.ticked else {}
        return sorted(set().union(*found.values()), reverse=True)

    # What happens when one of them changes --------------------------------------------------------------------------

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Set controls without following each of them."""
        before, self._is_quiet = self._is_quiet, True
        try:
            yield
        finally:
            self._is_quiet = before

    def _municipality_or_group_changed(self, _: object) -> None:
        if self._is_quiet:
            return
        self.problem = ""
        code, word, members = self.municipality.value, self.group.value, self.municipalities.ticked
        if word != _BY_HAND:
            try:
                members = group_members(word, code, self._asked, self._store)
            except BenchlibError as error:
                self.problem = str(error)
        self.municipalities.tick({code, *members}, fixed=code)
        self._changed()

    def _ticked_by_hand(self) -> None:
        self.problem = ""
        with self._quietly():
            self.group.value = _BY_HAND
        self._changed()

    def _indicators_changed(self) -> None:
        years = self._years()
        if years:
            with self._quietly():
                set_options(self.year, [(str(year), year) for year in years], _nearest(self.year.value, years))
        self._changed()

    def _year_changed(self, _: object) -> None:
        if not self._is_quiet:
            self._changed()


def _nearest(year: int, years: Sequence[int]) -> int:
    """The year itself if there is anything for it, else the nearest, the earlier of two."""
    return min(years, key=lambda there: (abs(there - year), there))
