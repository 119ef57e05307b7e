"""The explorer itself: controls on the left, what they select on the right."""

from __future__ import annotations

import base64
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from benchlib.errors import BenchlibError, OptionError
from benchlib.indicators import Store, catalogue_of, find_municipality
from benchlib.reporting.base import Block, join_html
from benchlib.reporting.blocks import Note
from benchlib.reporting.compose import Blocks
from benchlib.reporting.explorer.controls import dropdown, set_options, widgets
from benchlib.reporting.explorer.panel import Controls
from benchlib.reporting.explorer.selection import ExplorerParameters, Selection, years_of
from benchlib.reporting.explorer.table import comparison_table, development_table
from benchlib.reporting.explorer.views import development_view, pairs_view, passports_view, ranking_view, table_view
from benchlib.reporting.words import Words, slug

#: The pages, in their order.
PAGES: Final = ("table", "ranking", "development", "pairs", "passports")
_STYLE: Final = """<style>
.benchlib-explorer .widget-html-content { line-height: 1.45; }
.benchlib-explorer table { border-collapse: collapse; font-size: 13px; }
.benchlib-explorer caption { text-align: left; font-weight: bold; padding: 4px 0; }
.benchlib-explorer th, .benchlib-explorer td { padding: 2px 12px 2px 0; border-bottom: 1px solid #dfe4ea; }
.benchlib-explorer thead th { vertical-align: bottom; max-width: 11em; }
.benchlib-explorer tbody th { font-weight: normal; white-space: nowrap; }
.benchlib-explorer .left { text-align: left; }
.benchlib-explorer .right { text-align: right; }
.benchlib-explorer .own th, .benchlib-explorer .own td { font-weight: bold; color: #c8500a; }
.benchlib-explorer .tabular { overflow-x: auto; }
.benchlib-explorer figure { margin: 0; }
.benchlib-explorer a { color: #0b6e75; text-decoration: underline; }
.benchlib-explorer img { max-width: 100%; height: auto; background: white; }
</style>"""


class Explorer:
    """Compare any municipalities on any indicators, with controls, in JupyterLab.

    Parameters
    ----------
    parameters : ExplorerParameters, optional
        What is shown first, in which language, and which figures may be shown (public ones by default).
    store : Store, optional
        Another store than that of the shipped figures.

    Attributes
    ----------
    controls : Controls
        Municipalities, indicators, year.
    indicator, across, up : ipywidgets.Dropdown
        The indicator by which is ranked, whose development is drawn; and those of the figure of two indicators.
    pages : ipywidgets.Tab
        Table, ranking, development, two indicators, passports; `pages.selected_index` turns the page.
    shown : dict of str to ipywidgets.HTML
        What stands on each page, by its word in `PAGES`.
    message : ipywidgets.HTML
        What is wrong with the selection; empty if nothing is.
    download : ipywidgets.HTML
        The link that saves the figures of the page as CSV.
    widget : ipywidgets.VBox
        All of it, to be displayed.

    Raises
    ------
    BenchlibError
        If a name or an indicator of the parameters is not known, or may not be shown.

    Examples
    --------
    >>> explorer = Explorer(ExplorerParameters(group="region", indicators="exam_grade9_mean"))
    >>> explorer.selection.year, len(explorer.table)
    (2013, 6)
    """

    def __init__(self, parameters: ExplorerParameters | None = None, *, store: Store | None = None) -> None:
        self.parameters = parameters or ExplorerParameters()
        self._store, self._words = store, Words(self.parameters.language)
        self._kept: tuple[Selection, pd.DataFrame, pd.DataFrame] | None = None
        self._drawn: dict[str, object] = {}
        self._is_following = False
        self.controls = Controls(self.parameters, self._follow, store=store)
        self._make_pages()
        self._is_following = True
        self._follow()

    # What a researcher goes on with ---------------------------------------------------------------------------------

    @property
    def selection(self) -> Selection:
        """What is selected now; `comparison_table` and `development_table` take it too."""
        return self.controls.selection

    @property
    def table(self) -> pd.DataFrame:
        """The figures shown, a row per indicator and municipality; columns as in `comparison_table`."""
        return self._figures()[0].copy()

    @property
    def development(self) -> pd.DataFrame:
        """The figures of all years, a row per indicator, year and municipality; columns as in `table`."""
        return self._figures()[1].copy()

    def __repr__(self) -> str:
        made = self.selection
        unit = find_municipality(made.municipality, made.territory)
        return (
            f"Explorer({unit.name}, {len(made.members)} municipalities, {len(made.indicators)} indicators, {made.year})"
        )

    def _repr_mimebundle_(self, **options: Any) -> Any:
        bundle = self.widget._repr_mimebundle_(**options)
        return {**bundle, "text/plain": repr(self)}

    def _figures(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The tables of the selection, made when first asked for."""
        selection = self.selection
        if not selection.indicators:
            raise OptionError(self._words.gettext("Select at least one indicator."))
        if self._kept is None or self._kept[0] != selection:
            table = comparison_table(selection, self._words, self._store)
            self._kept = (selection, table, development_table(selection, self._words, self._store))
        return self._kept[1:]

    # What is shown --------------------------------------------------------------------------------------------------

    def _make_pages(self) -> None:
        _, named = self._words.gettext, self.controls.named_indicators
        self.indicator = dropdown(_("Indicator"), named, named[0][1], self._draw)
        self.across = dropdown(_("Across"), named, named[0][1], self._draw)
        self.up = dropdown(_("Upwards"), named, named[min(1, len(named) - 1)][1], self._draw)
        titles = (_("Table"), _("Ranking"), _("Development"), _("Two indicators"), _("Passports"))
        self.message, self.download = widgets.HTML(), widgets.HTML()
        self.shown = {page: widgets.HTML() for page in PAGES}
        axes = widgets.HBox([self.across, self.up])
        parts = [widgets.VBox([axes, html]) if page == "pairs" else html for page, html in self.shown.items()]
        self.pages = widgets.Tab(parts, titles=titles)
        self.pages.observe(self._draw, "selected_index")
        right = widgets.VBox([self.indicator, self.message, self.pages, self.download])
        right.layout.flex = "1 1 500px"
        both = widgets.HBox([self.controls.widget, right], layout=widgets.Layout(flex_flow="row wrap"))
        self.widget = widgets.VBox([widgets.HTML(_STYLE), both])
        self.widget.add_class("benchlib-explorer")

    def _follow(self) -> None:
        """Bring everything in step with the selection."""
        if not self._is_following:
            return
        self._is_following = False
        named = self.controls.named_indicators
        for list_ in (self.indicator, self.across, self.up) if named else ():
            set_options(list_, named, list_.value)
        self._is_following = True
        self._draw()

    def _draw(self, _: object = None) -> None:
        """Draw the open page, if what it shows has changed."""
        if not self._is_following:
            return
        page = PAGES[self.pages.selected_index or 0]
        shown = (self.selection, self.indicator.value, self.across.value, self.up.value, self.controls.problem)
        if self._drawn.get(page) == shown:
            return
        problem = self.controls.problem
        try:
            self.shown[page].value = str(self._page(page))
            self.download.value = str(self._link(page))
            self._drawn[page] = shown
        except BenchlibError as error:
            problem = str(error)
            self.shown[page].value = self.download.value = ""
            self._drawn.pop(page, None)
        self.message.value = str(Note(problem, "caution").__html__()) if problem else ""

    def _page(self, page: str) -> Markup:
        table, development = self._figures()
        words, passports, selection = self._words, self.controls.passports, self.selection
        own, passport = selection.municipality, passports[self.indicator.value]
        shown: Block | Blocks
        if page == "table":
            shown = table_view(table, selection, passports, words, order=passport.id)
        elif page == "ranking":
            shown = ranking_view(selection.profile(self._store), table, passport, words)
        elif page == "development":
            shown = development_view(development, own, passport, words)
        elif page == "pairs":
            shown = pairs_view(table, own, passports[self.across.value], passports[self.up.value], words)
        else:
            years = years_of(selection.indicators, self.parameters, self._store)
            shown = passports_view(development, years, catalogue_of(self._store), words)
        blocks = (shown,) if isinstance(shown, Block) else shown
        return join_html(block.__html__() for block in blocks)

    def _link(self, page: str) -> Markup:
        """A link that holds the figures of a page; nothing is asked of any server when it is followed."""
        table, development = self._figures()
        figures = development if page == "development" else table
        # The mark at the start tells Excel that the letters are UTF-8; pandas and R read over it.
        content = base64.b64encode(figures.to_csv(index=False).encode("utf-8-sig")).decode("ascii")
        unit = find_municipality(self.selection.municipality, self.selection.territory)
        name = f"{slug(unit.name)}-{page}-{self.selection.year}.csv"
        link = Markup("<a download='{}' href='data:text/csv;charset=utf-8;base64,{}'>{}</a>")
        return link.format(name, content, self._words.gettext("Save these figures as CSV"))
