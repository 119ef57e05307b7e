"""A file of data that comes with a report."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from benchlib.errors import OptionError
from benchlib.reporting.base import Block, clean_text, set_fields

#: What the name of an attached file may end in: no folder, nothing hidden, no format of the report itself.
_SUFFIX: Final = re.compile(r"(?!html$|pdf$|ipynb$|failed)[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class Attachment(Block):
    """A file of data that comes with the report: `benchlib report` writes it beside the page, and the page offers it.

    Parameters
    ----------
    suffix : str
        Ending of the file's name after that of the report, such as "plan.toml": small letters, digits, dots and hyphens.
    content : str
        The file.
    label : str
        What it is, for the reader.
    """

    kind = "attachment"
    suffix: str
    content: str
    label: str

    def __post_init__(self) -> None:
        if not isinstance(self.suffix, str) or not _SUFFIX.fullmatch(self.suffix):
            raise OptionError(f"suffix={self.suffix!r:.60} is not the ending of a file name, such as 'plan.toml'.")
        set_fields(self, label=clean_text("The label of an attachment", self.label, empty=False))
        if not isinstance(self.content, str):
            raise OptionError("The content of an attachment must be text.")

    @property
    def href(self) -> str:
        """The file as an address that needs no server."""
        coded = base64.b64encode(self.content.encode("utf-8")).decode("ascii")
        return f"data:application/octet-stream;base64,{coded}"

    def __html__(self) -> Markup:
        link = Markup("<p class='attachment'><a href='{}' download='{}'>{}</a> <code>{}</code></p>")
        return link.format(self.href, self.suffix, self.label, self.suffix)

    def __str__(self) -> str:
        return f"[file {self.suffix}] {self.label}"
