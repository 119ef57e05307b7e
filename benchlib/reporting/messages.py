"""Keep `locale/lv.po` in step with the sentences in the code and in the notebooks.

``python -m benchlib.reporting.messages`` adds what is missing (untranslated) and drops what is no longer said; with
``--check`` it changes nothing, lists what is wrong and ends with 1. Sentences are found where they are written, as the
literal arguments of `_`, `gettext` and `ngettext`.
"""

from __future__ import annotations

import io
import json
import re
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from benchlib.reporting.words import LOCALE_FOLDER

#: A sentence, or its singular and plural.
MessageId: TypeAlias = str | tuple[str, str]

_KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2)}
_PACKAGE = Path(__file__).parents[1]
_HEADER = """# Latvian translations of benchlib.
# Made by: python -m benchlib.reporting.messages (adds missing sentences, sorted; translate them here by hand).
# Plural forms: first for 0, 10-20, 30, ...; second for 1, 21, 31, ...; third for all others."""
_PLURALS = "nplurals=3; plural=(n%10==0 || (n%100>=11 && n%100<=19) ? 0 : n%10==1 ? 1 : 2);"


def _sources() -> Iterator[tuple[str, str]]:
    """Yield the name and the code of every module and template of the package and of every notebook beside it."""
    for path in sorted([*_PACKAGE.rglob("*.py"), *_PACKAGE.rglob("*.j2")]):
        yield path.relative_to(_PACKAGE.parent).as_posix(), path.read_text("utf-8")
    notebooks = _PACKAGE.parent / "notebooks"
    for path in sorted(notebooks.rglob("*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        code = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        name = path.relative_to(_PACKAGE.parent).as_posix()
        yield from ((f"{name}, code cell {number}", text) for number, text in enumerate(code, start=1))


def find_messages(sources: Iterable[tuple[str, str]] | None = None) -> dict[MessageId, str]:
    """Return every sentence to translate, with the first place where it stands.

    Parameters
    ----------
    sources : iterable of (name, code), optional
        Python code or templates (`*.j2`) to search; by default the package and its notebooks.

    Returns
    -------
    dict
        Sentence, or (singular, plural), to the name and line of its source.
    """
    found: dict[MessageId, str] = {}
    for name, code in _sources() if sources is None else sources:
        method = "jinja2" if name.endswith(".j2") else "python"
        # IPython's magic lines are not Python; without them the extractor can read the tokens around.
        plain = code if method == "jinja2" else re.sub(r"(?m)^\s*[%!].*$", "", code)
        for line, message, _comments, _context in extract(method, io.BytesIO(plain.encode()), keywords=_KEYWORDS):
            if message:
                found.setdefault(message, f"{name}:{line}")  # type: ignore[arg-type]
    return found


def read_catalog(language: str = "lv") -> Catalog:
    """Return the translations as they stand in the file; an empty catalogue if there is no file."""
    path = LOCALE_FOLDER / f"{language}.po"
    with io.BytesIO(path.read_bytes() if path.exists() else b"") as file:
        return read_po(file, locale=language)


def problems(messages: dict[MessageId, str], catalog: Catalog) -> list[str]:
    """Return what is wrong with the translations: missing, fuzzy, or with other fields than the original.

    Parameters
    ----------
    messages : dict
        What `find_messages` gave.
    catalog : babel.messages.catalog.Catalog
        The translations.

    Returns
    -------
    list of str
        A line for each problem; empty when all is well.
    """
    found = []
    for message, place in messages.items():
        first = message if isinstance(message, str) else message[0]
        entry = catalog.get(first)
        given = [] if entry is None else [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
        if entry is None or not given or not all(given):
            found.append(f"{place}: no translation of {first!r}")
        elif entry.fuzzy:
            found.append(f"{place}: the translation of {first!r} is fuzzy; check it and remove the mark")
        else:
            allowed = fields(message if isinstance(message, str) else message[1])
            found += [f"{place}: {text!r} has other fields than {first!r}" for text in given if fields(text) != allowed]
    return found


def fields(text: str) -> set[str]:
    """Return the names of the fields in braces; their format, such as a case, is the translator's own."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def update(messages: dict[MessageId, str], catalog: Catalog) -> bytes:
    """Return the file with all messages, and the translations known so far, in alphabetical order.

    Parameters
    ----------
    messages : dict
        What `find_messages` gave.
    catalog : babel.messages.catalog.Catalog
        The translations known so far; those of other messages are left out.

    Returns
    -------
    bytes
        The .po file, with neither dates nor places in it: the same sentences give the same bytes.
    """
    new = Catalog(locale="lv", fuzzy=False)
    for message in messages:
        old = catalog.get(message if isinstance(message, str) else message[0])
        known = old is not None and isinstance(old.id, str) == isinstance(message, str)
        empty: str | tuple[str, ...] = "" if isinstance(message, str) else ("", "", "")
        added = new.add(message, old.string if known and old else empty, flags=old.flags if known and old else ())
        added.flags.discard("python-format")  # Babel's guess for every "60 % of"; our fields stand in braces
    out = io.BytesIO()
    write_po(out, new, omit_header=True, sort_output=True, no_location=True, width=120)
    head = f'{_HEADER}\nmsgid ""\nmsgstr ""\n"Language: lv\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {_PLURALS}\\n"\n\n'
    return head.encode() + out.getvalue()


def check_or_update(arguments: list[str]) -> int:
    """Bring `lv.po` up to date, or with --check only say what is wrong; return the exit code."""
    messages, catalog = find_messages(), read_catalog()
    if "--check" not in arguments:
        (LOCALE_FOLDER / "lv.po").write_bytes(update(messages, catalog))
        catalog = read_catalog()
    found = problems(messages, catalog)
    print("\n".join([*found, f"lv.po: {len(messages)} sentences, {len(found)} to look at."]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(check_or_update(sys.argv[1:]))
