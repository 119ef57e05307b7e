"""Tables of an HTML page to rows of text, with the standard library alone."""

from __future__ import annotations

from html.parser import HTMLParser

from benchlib.indicators.readers.files import Row, Table, broken

_CELLS = ("td", "th")
_BLANKS = " \t\r\n\f"


class _TableParser(HTMLParser):
    """Collects the cells of all tables; `open_tables` says afterwards whether one was not closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.open_tables: list[int] = []
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self.open_tables.append(len(self.tables))
            self.tables.append([])
        elif tag == "tr" and self.open_tables:
            self._end_cell()
            self.tables[self.open_tables[-1]].append([])
        elif tag in _CELLS and self.open_tables and self.tables[self.open_tables[-1]]:
            self._end_cell()
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in (*_CELLS, "tr"):
            self._end_cell()
        elif tag == "table" and self.open_tables:
            self._end_cell()
            self.open_tables.pop()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is not None and self.open_tables:
            # Only HTML's own blanks collapse: a no-break space may separate thousands.
            words = "".join(self._text).translate(dict.fromkeys(map(ord, _BLANKS), " ")).split(" ")
            self.tables[self.open_tables[-1]][-1].append(" ".join(word for word in words if word))
        self._text = None


def read_html_table(name: str, text: str, key: str) -> Table:
    """Read the one table of a page that has a cell `key`.

    Parameters
    ----------
    name : str
        File name for messages.
    text : str
        The page.
    key : str
        Heading by which the table is recognised, for example "ATVK".

    Returns
    -------
    Table
        Row numbers count the rows of the table, its heading being row 1.

    Raises
    ------
    FiguresFileError
        If no table or several tables have such a cell, or if the table is not closed (a page cut in the middle).
    """
    parser = _TableParser()
    parser.feed(text)
    if parser.open_tables:
        row = len(parser.tables[parser.open_tables[-1]])
        raise broken(name, "the table is not closed, so the page is cut. Save it again.", row=row)
    found = [rows for rows in parser.tables if any(cell.strip() == key for row in rows for cell in row)]
    if len(found) != 1:
        count = "no table has" if not found else f"{len(found)} tables have"
        raise broken(name, f"{count} a column {key!r}; exactly one is expected. Save the page of one sheet.")
    rows = tuple(Row(number, tuple(cells)) for number, cells in enumerate(found[0], 1) if any(map(str.strip, cells)))
    return Table(name, rows)
