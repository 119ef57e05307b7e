"""Controls of the explorer: a list to tick, with a search box on top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from benchlib.errors import MissingPartError
from benchlib.reporting.words import Words

try:
    import ipywidgets as widgets  # type: ignore[import-untyped]
except ImportError as error:
    raise MissingPartError(
        "The explorer needs ipywidgets, which is not installed in this environment. Install it with: pip install benchlib[lab] "
        "(then reload the page and restart the kernel)."
    ) from error

__all__ = ["TickList", "dropdown", "set_options", "widgets"]

_WIDE: Final = "98%"


class TickList:
    """Check boxes under a search box; what is ticked stays ticked when the search hides it.

    Parameters
    ----------
    labels : mapping of str to str
        Text beside each box, by key.
    search : callable
        Returns the keys that a text means, in the order to show.
    changed : callable
        Called when the user ticks or unticks a box.
    title : str
        What the list is of.
    words : Words
        Language.
    headings : mapping of str to str
        Heading above each key's part of the list, where there are several parts.

    Attributes
    ----------
    search : ipywidgets.Text
        The search box.
    boxes : dict of str to ipywidgets.Checkbox
        The boxes, by key.
    widget : ipywidgets.VBox
        Everything, to be displayed.
    """

    def __init__(
        self,
        labels: Mapping[str, str],
        search: Callable[[str], Sequence[str]],
        changed: Callable[[], None],
        *,
        title: str,
        words: Words,
        headings: Mapping[str, str] | None = None,
    ) -> None:
        self._find, self._changed, self._headings, self._words = search, changed, headings or {}, words
        self._is_quiet = False
        # One layout and one style for all boxes: three times fewer objects for the browser to make.
        layout, style = (
            widgets.Layout(width=_WIDE, min_height="26px"),
            widgets.widget_bool.CheckboxStyle(description_width="0px"),
        )
        self.boxes: dict[str, Any] = {
            key: widgets.Checkbox(description=label, indent=False, layout=layout, style=style)
            for key, label in labels.items()
        }
        for box in self.boxes.values():
            box.observe(self._ticked, "value")
        self.search = widgets.Text(placeholder=words.gettext("search"), layout=widgets.Layout(width=_WIDE))
        self.search.observe(lambda _: self._filter(), "value")
        self._title, self._count = title, widgets.HTML()
        self._list = widgets.VBox(layout=widgets.Layout(height="190px", overflow="auto", border="1px solid #9aa5b1"))
        self.widget = widgets.VBox([self._count, self.search, self._list])
        self._filter()
        self._recount()

    @property
    def ticked(self) -> tuple[str, ...]:
        """Keys of the ticked boxes, in the order of the list."""
        return tuple(key for key, box in self.boxes.items() if box.value)

    def tick(self, keys: Iterable[str], *, fixed: str = "") -> None:
        """Tick exactly these boxes, without calling `changed`.

        Parameters
        ----------
        keys : iterable of str
            What to tick.
        fixed : str
            A key that the user cannot untick; none if empty.
        """
        wanted = set(keys)
        self._is_quiet = True
        try:
            for key, box in self.boxes.items():
                box.value, box.disabled = key in wanted, key == fixed
        finally:
            self._is_quiet = False
        self._recount()

    def _ticked(self, _: object) -> None:
        if not self._is_quiet:
            self._recount()
            self._changed()

    def _filter(self) -> None:
        """Show the boxes that the search means, each part under its heading."""
        shown: list[Any] = []
        above = ""
        for key in self._find(self.search.value):
            heading = self._headings.get(key, "")
            if heading != above:
                shown.append(widgets.HTML(str(Markup("<b>{}</b>").format(heading))))
                above = heading
            shown.append(self.boxes[key])
        if not shown:
            shown.append(widgets.HTML(str(Markup("<i>{}</i>").format(self._words.gettext("Nothing found.")))))
        self._list.children = tuple(shown)

    def _recount(self) -> None:
        count = self._words.number(len(self.ticked))
        self._count.value = str(Markup("<b>{}:</b> {}").format(self._title, count))


def dropdown(label: str, options: Sequence[tuple[str, Any]], value: Any, changed: Callable[[Any], None]) -> Any:
    """Return a list to choose one from.

    Parameters
    ----------
    label : str
        What is chosen.
    options : sequence of (str, object)
        Texts and values.
    value : object
        The value at first.
    changed : callable
        Called with ipywidgets' description of the change.

    Returns
    -------
    ipywidgets.Dropdown
    """
    made = widgets.Dropdown(
        options=options,
        value=value,
        description=label,
        layout=widgets.Layout(width=_WIDE),
        style={"description_width": "38%"},
    )
    made.observe(changed, "value")
    return made


def set_options(list_: Any, options: Sequence[tuple[str, Any]], wanted: Any) -> None:
    """Give a list other options and choose one of them: the one that is wanted if it is there, else the first.

    Parameters
    ----------
    list_ : ipywidgets.Dropdown
        The list.
    options : sequence of (str, object)
        Texts and values, at least one.
    wanted : object
        The value to choose.
    """
    values = [value for _, value in options]
    if list(list_.options) != list(options):
        list_.options = options
    list_.value = wanted if wanted in values else values[0]
