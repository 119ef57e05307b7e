"""`benchlib practices`: examples to learn from, listed, checked and added."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer
from rich.table import Table

from benchlib.cli.screen import plain, print_table, say_error, screen
from benchlib.errors import OptionError, UnknownIndicatorError, UnknownTerritoryError
from benchlib.reporting.base import clean_text
from benchlib.terms import Access, Classification, check_option

if TYPE_CHECKING:
    from benchlib.indicators import Practice

practices_app = typer.Typer(help="Practice examples: what others did, with source.", no_args_is_help=True)

_Language = Annotated[Literal["lv", "en"], typer.Option("--lang", help="Language of the texts.")]
_Access = Annotated[str, typer.Option(help="public, or members for those that are not public.", metavar="ACCESS")]
_TEXTS: Final = ("title", "action", "cost", "result", "contact")
#: What is asked for a new example, field by field.
_QUESTIONS: Final = {
    "title": "What it is called",
    "territory": "Year of the municipality's borders: 2009, 2021 or 2025",
    "municipality": "Municipality that did it (empty if another body did)",
    "body": "Who did it",
    "country": "Country in two capital letters",
    "network": "Network",
    "indicators": "Indicators that it aims at, by id, with commas (benchlib data list)",
    "action": "What was done",
    "cost": "What it cost (empty if the source does not say)",
    "result": "What came of it (empty if the source does not say)",
    "contact": "Office to ask, never a person (empty if not known)",
    "source": "Where this is written: an address (https://...) or a document",
    "language": "Language of the source in two small letters",
    "year": "Year in which it was done or begun (0 if not known)",
    "access": "public, or members",
}
_DEFAULTS: Final[dict[str, Any]] = {
    "municipality": "",
    "territory": "2025",
    "country": "LV",
    "network": "T1",
    "indicators": [],
    "source": "",
    "language": "lv",
    "year": 0,
    "access": "members",
    **{name: {"lv": "", "en": ""} for name in _TEXTS},
}


@practices_app.command("list")
def practices_list(
    *,
    network: Annotated[str, typer.Option(help="Those of a network, such as T2.", metavar="ID")] = "",
    indicator: Annotated[
        list[str] | None, typer.Option(help="Those that aim at an indicator; may be repeated.", metavar="ID")
    ] = None,
    municipality: Annotated[
        str, typer.Option(help="Those of a municipality, today's or a former one.", metavar="NAME")
    ] = "",
    text: Annotated[str, typer.Option(help="Those in which all these words stand.", metavar="WORDS")] = "",
    access: _Access = "public",
    language: _Language = "en",
) -> None:
    """List practice examples, those that aim at most of the indicators first, then the latest.

    [bold]benchlib practices list --network T2 --text plan[/bold]
    """
    from benchlib.indicators import load_catalogue, select_practices

    catalogue = load_catalogue()
    if network:
        catalogue.network(network)
    for name in indicator or ():
        catalogue.passport(name)
    codes, territory = _codes(municipality) if municipality else ((), "2025")
    found = select_practices(
        catalogue.practices.values(),
        access=check_option("access", access, Access),
        network=network,
        indicators=indicator or (),
        codes=codes,
        territory=check_option("territory", territory, Classification),
        text=text,
    )
    if not found:
        closed = " Those for members too: add --access members." if access == "public" else ""
        screen().print(f"No practice example fits. All: benchlib practices list.{closed}", markup=False)
        return
    rows = [
        (
            practice.id,
            _clean(practice.title[language]),
            _clean(_doer(practice, language)),
            str(practice.year or "-"),
            practice.network,
            ", ".join(practice.indicators),
        )
        for practice in found
    ]
    headings = ("id", "title", "who", "year", "network", "aims at")
    print_table(f"Practice examples: {len(rows)}", headings, rows, whole="id")


@practices_app.command("show")
def practices_show(
    id: Annotated[str, typer.Argument(metavar="ID", help="A practice example, as `benchlib practices list` shows it.")],
    *,
    access: _Access = "public",
    language: _Language = "en",
) -> None:
    """Show a practice example: what was done, at what cost, with what result, and where it is written."""
    from benchlib.indicators import load_catalogue, select_practices

    catalogue = load_catalogue()
    readable = select_practices(catalogue.practices.values(), access=check_option("access", access, Access))
    practice = next((practice for practice in readable if practice.id == id), None)
    if practice is None:
        raise UnknownIndicatorError(_unknown(id, access))
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    rows = {"who": _doer(practice, language), "country": practice.country, "year": str(practice.year or "")}
    rows |= {name: getattr(practice, name)[language] for name in _TEXTS}
    rows |= {"network": practice.network, "aims at": ", ".join(practice.indicators)}
    rows |= {"source": practice.source, "access": practice.access}
    for name, value in rows.items():
        table.add_row(name, _shown(value) if value.strip() else "not said")
    screen().print(table)


@practices_app.command("check")
def practices_check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Files to check; all that there are by default.")
    ] = None,
) -> None:
    """Check practice examples: one message for each problem."""
    from benchlib.indicators import check_practices

    problems = check_practices(files or ())
    for problem in problems:
        say_error(_clean(problem))
    if problems:
        raise typer.Exit(1)
    screen().print("The practice examples are in order.", markup=False)


@practices_app.command("add")
def practices_add(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A filled-in template; its name becomes the id.")
    ] = None,
    *,
    template: Annotated[
        Path | None, typer.Option("--template", help="Write a template to fill in, and end.", metavar="OUT")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the example of this name.")] = False,
) -> None:
    """Check a practice example and keep it. Without FILE, ask for it field by field; where nobody can answer, print a template.

    [bold]benchlib practices add --template my-example.toml[/bold]
    """
    from benchlib.indicators import PRACTICE_TEMPLATE, add_practice, store_practice

    if file is not None and template is not None:
        raise OptionError(f"Give either FILE ({file}) or --template ({template}), not both.")
    if template is not None:
        _write_new(template, PRACTICE_TEMPLATE)
        screen().print(f"{template}: fill it in, then: benchlib practices add {template}", markup=False, soft_wrap=True)
        return
    if file is None and not sys.stdin.isatty():
        typer.echo(PRACTICE_TEMPLATE, nl=False)
        return
    if file is not None:
        added = add_practice(file, replace=replace)
    else:
        name, entry = ask_practice(lambda question, default: typer.prompt(question, default=default))
        added = store_practice(name, entry, replace=replace)
    readers = "everybody" if added.practice.access == "public" else "members only"
    screen().print(f"Stored as {added.path}, for {readers}.", markup=False, soft_wrap=True)


def ask_practice(ask: Callable[[str, str], str]) -> tuple[str, dict[str, Any]]:
    """Ask for a practice example field by field, each until the answer is right.

    Parameters
    ----------
    ask : callable
        Takes a question and a default answer and gives the answer.

    Returns
    -------
    name : str
        Name of its file without ending.
    entry : dict
        Its fields.
    """
    entry = dict(_DEFAULTS)
    name = ""
    while not name:
        name = ask("Name of the example (a-z, 0-9 and hyphens)", "").strip()
        name = "" if _tell(name, entry, "id") else name
    for field, question in _QUESTIONS.items():
        is_local = bool(entry["municipality"])
        if is_local and field in ("body", "country"):
            continue
        entry[field] = _answer(ask, field, question, entry)
        while _tell(name, entry, field):
            entry[field] = _answer(ask, field, question, entry)
    return name, entry


def _answer(ask: Callable[[str, str], str], field: str, question: str, entry: dict[str, Any]) -> Any:
    """One answer, as the file holds it."""
    if field in (*_TEXTS, "body"):
        before = entry.get(field, {"lv": "", "en": ""})
        return {
            "lv": ask(f"{question}, in Latvian", before["lv"]),
            "en": ask(f"{question}, in English", before["en"]),
        }
    if field == "indicators":
        return [word.strip() for word in ask(question, ", ".join(entry[field])).split(",") if word.strip()]
    answer = ask(question, str(entry[field])).strip()
    return int(answer) if field == "year" and answer.isascii() and answer.isdigit() else answer


def _tell(name: str, entry: dict[str, Any], field: str) -> bool:
    """Say what is wrong with a field, and whether anything is."""
    from benchlib.indicators import problems_of_practice

    problems = problems_of_practice(name, entry, field=field)
    for problem in problems:
        say_error(_clean(problem))
    return bool(problems)


def _unknown(id: str, access: str) -> str:
    """That nothing of this id can be shown: whether it is for members only is their affair."""
    if access == "members":
        return f"No practice example has the id {id!r:.80}. All: benchlib practices list --access members."
    return (
        f"No practice example has the id {id!r:.80} among the public ones (benchlib practices list). With those for members: add "
        "--access members, here and to the list."
    )


def _codes(municipality: str) -> tuple[tuple[str, ...], str]:
    """Codes of a municipality of today, or of a former one, with their classification."""
    from benchlib.indicators import find_municipality

    try:
        return (find_municipality(municipality, "2025").code,), "2025"
    except UnknownTerritoryError:
        try:
            return (find_municipality(municipality, "2009").code,), "2009"
        except UnknownTerritoryError:
            pass
        raise


def _doer(practice: Practice, language: str) -> str:
    if practice.unit is None:
        return practice.body[language] if practice.body else ""
    return practice.unit.name if language == "lv" else practice.unit.name_en


def _clean(text: str) -> str:
    """Text without characters that would steer a terminal."""
    return clean_text("A text", text)


def _shown(text: str) -> str:
    return plain(_clean(text))


def _write_new(path: Path, text: str) -> None:
    """Write a file that must not exist yet."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise OptionError(f"--template {path}: there is a file of this name. Choose another.") from error
    except OSError as error:
        raise OptionError(f"--template {path}: it cannot be written ({error.strerror}).") from error
