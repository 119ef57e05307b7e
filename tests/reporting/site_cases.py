"""A site for the tests: shipped figures with planted ones for members, and a batch whose list of runs cannot be trusted."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchlib.indicators import data_folder
from benchlib.reporting.site.build import SiteFiles, build_site

#: A figure that only members may see, and every way in which a page or a file could write it.
SECRET = 8642097531
SECRET_TEXTS = (
    "8642097531",
    "86420975.31",
    "8 642 097",
    "8\u202f642\u202f097",
    "8\xa0642\xa0097",
    "8,642,097",
    "8.642097",
    "8,642097",
)
SECRET_WORDS = ("Slepenais mērs", "Slepenā pase", "Slepenais avots", "slepens-iemesls")
HOSTILE = '</script><script>window.hit=1</script><img src=x onerror="window.hit=1">{{ 7*7 }}\u2028\'"'

_BAUSKA = ("0400200", "0406400", "0407700", "0409500")  # the parts of Bauskas novads
_MEMBERS_ONLY = f"""
[measures.secret_measure]
name = {{ lv = "Slepenais mērs", en = "Slepenais mērs" }}
unit = "units"
kind = "additive"

[[sources]]
id = "secret_source"
publisher = {{ lv = "Slepenais avots", en = "Slepenais avots" }}
table = {{ lv = "Slepenais avots", en = "Slepenais avots" }}
territory = "2009"
years = [2013]
measures = ["secret_measure", "unemployment_rate"]
licence = "none"
access = "members"
vintage = 2026-11-23
vintage_basis = "published"
file = "figures/secret.csv"
rows = 8
sha256 = "{{sha256}}"
caveats = {{ lv = "Slepenais avots", en = "Slepenais avots" }}

[[doubts]]
source = "secret_source"
territory = "0400200"
year = 2013
measure = "unemployment_rate"
published = "{SECRET}"
used = "as published"
reason = {{ lv = "slepens-iemesls", en = "slepens-iemesls" }}
"""
_PASSPORTS = """
[[indicator]]
id = "secret_indicator"
name = { lv = "Slepenais mērs", en = "Slepenais mērs" }
definition = { lv = "Slepenais mērs", en = "Slepenais mērs" }
unit = { lv = "gab.", en = "pieces" }
dimension = "context"
direction = 0
decimals = 0
measure = "secret_measure"
caveats = { lv = "", en = "" }

[[indicator]]
id = "secret_passport"
name = { lv = "Slepenā pase", en = "Slepenā pase" }
definition = { lv = "Slepenā pase", en = "Slepenā pase" }
unit = { lv = "gab.", en = "pieces" }
dimension = "context"
direction = 0
decimals = 0
measure = "area"
access = "members"
caveats = { lv = "", en = "" }

[[indicator]]
id = "hostile_indicator"
name = { lv = 'NAME', en = 'NAME' }
definition = { lv = 'NAME', en = 'NAME' }
unit = { lv = 'NAME', en = 'NAME' }
dimension = "coverage"
direction = 1
decimals = 0
measure = "area"
caveats = { lv = 'NAME', en = 'NAME' }
"""
_PRACTICE = """
country = "LV"
network = "T4"
year = 2012
language = "lv"
cost = { lv = 'NAME', en = 'NAME' }
result = { lv = '', en = '' }
contact = { lv = '', en = '' }
"""
#: A practice example full of HTML, of Bauska, that aims at an indicator for members too; and one for members.
PRACTICES = {
    "hostile": _PRACTICE
    + """
municipality = "Bauskas novads"
access = "public"
indicators = ["hostile_indicator", "secret_passport"]
source = 'https://lv.example/"onclick="window.hit=1//NAME'
title = { lv = 'NAME', en = 'NAME' }
action = { lv = 'NAME', en = 'NAME' }
""",
    "slepens-iemesls": _PRACTICE
    + """
municipality = "Bauskas novads"
access = "members"
indicators = ["education_expenditure_per_pupil"]
source = 'https://slepens-iemesls.lv'
title = { lv = 'Slepenais mērs', en = 'Slepenais mērs' }
action = { lv = 'Slepenais mērs', en = 'Slepenais mērs' }
""",
}


@dataclass(frozen=True)
class Case:
    """A built site with what it was built from."""

    made: SiteFiles
    data: Path
    reports: Path

    @property
    def folder(self) -> Path:
        return self.made.folder

    def page(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def texts(self) -> dict[str, bytes]:
        return {name: (self.folder / name).read_bytes() for name in self.made.files}


_CASES: list[Case] = []


def built(factory: pytest.TempPathFactory) -> Case:
    """The site of the tests; built once, whichever test asks first. Nobody writes into it."""
    if not _CASES:
        home = factory.mktemp("site")
        data, reports = planted_data(home / "data"), untrusted_batch(home / "reports")
        _CASES.append(Case(build_site(home / "public", reports=reports, data=data), data, reports))
    return _CASES[0]


def planted_data(folder: Path) -> Path:
    """The shipped figures, and beside them: a newer vintage, a measure, a passport and a doubt for members; texts full of HTML."""
    shutil.copytree(data_folder(), folder)
    lines = ["territory,year,measure,value,status,symbol"]
    lines += [f"{code},2013,unemployment_rate,{SECRET / 100},observed," for code in _BAUSKA]
    lines += [f"{code},2013,secret_measure,{SECRET if code == _BAUSKA[0] else 0},observed," for code in _BAUSKA]
    content = ("\n".join(lines) + "\n").encode()
    (folder / "figures" / "secret.csv").write_bytes(content)
    registry = folder / "registry.toml"
    planted = _MEMBERS_ONLY.replace("{sha256}", hashlib.sha256(content).hexdigest())
    registry.write_text(registry.read_text("utf-8") + planted, encoding="utf-8")
    hostile = HOSTILE.replace("'", "’").replace("\u2028", " ")  # what TOML's plain strings can hold
    (folder / "catalogue" / "indicators" / "planted.toml").write_text(
        _PASSPORTS.replace("NAME", hostile), encoding="utf-8"
    )
    for name, content in PRACTICES.items():
        path = folder / "catalogue" / "practices" / f"{name}.toml"
        path.write_text(content.replace("NAME", hostile), encoding="utf-8")
    networks = folder / "catalogue" / "networks.toml"
    odd = f"""
[own]
name = {{ lv = '{hostile}', en = '{hostile}' }}
theme = {{ lv = '{hostile}', en = '{hostile}' }}
members_complete = true
members = [{{ name = "Jelgava", source = '{hostile}' }}, {{ name = '{hostile}', source = "nobody" }}]
sources = []
"""
    networks.write_text(networks.read_text("utf-8") + odd, encoding="utf-8")
    return folder


def untrusted_batch(folder: Path) -> Path:
    """Reports with a list of runs, some of which must not be taken."""
    folder.mkdir()
    about = {"municipality": "Bauskas novads", "year": 2013, "territory": "2025", "language": "lv", "access": "public"}
    former = about | {"municipality": "Vecumnieku novads", "territory": "2009", "year": 2012}
    split = about | {"municipality": "Inčukalna novads", "territory": "2009", "year": 2011}
    service = {"service": "schools", "year": 2013, "territory": "2025", "access": "public", "language": "lv"}
    runs = [
        run(folder, "bauskas-novads-2013-lv", about, title="Bauskas novads salīdzinājumā"),
        run(folder, "bauskas-novads-2013-en", about | {"language": "en"}, title="Bauska municipality compared"),
        run(folder, "vecumnieku-novads-of-2009-2012-lv", former, title="Vecumnieku novads toreiz", kinds=("html",)),
        run(folder, "incukalna-novads-of-2009-2011-lv", split, title="Inčukalna novads toreiz", kinds=("pdf",)),
        run(folder, "service-schools-2013-lv", service, title="Visu skolu salīdzinājums", notebook="service"),
        run(folder, "network-t4-2013-lv", service | {"network": "T4"}, title="Tīkla T4 tikšanās", notebook="network"),
        run(folder, "lesson-lv", {"language": "lv", "access": "public"}, title="Mācību stunda", notebook="lesson"),
        run(
            folder,
            "cesu-novads-2013-lv",
            about | {"municipality": "Cēsu novads"},
            status="failed",
            failure="Traceback in /home",
        ),
        run(folder, "ogres-novads-2013-lv", about | {"municipality": "Ogres novads"}, status="waiting"),
        run(folder, "hostile-lv", about | {"municipality": "Rīga"}, title=HOSTILE),
        # Not to be taken
        run(folder, "members-lv", about | {"access": "members"}, title="Slepenais mērs", content=f"{SECRET}"),
        run(folder, "unsaid-lv", {k: v for k, v in about.items() if k != "access"}, content=f"{SECRET}"),
        run(folder, "nowhere-lv", about | {"municipality": "Atlantīdas novads"}),
        run(folder, "tongue-lv", about | {"language": "de"}),
        run(folder, "state-lv", about, status="unheard of"),
        "not a run",
        {"stem": "bare"},
    ]
    escaped = run(folder, "escape-lv", about)
    (folder.parent / "outside.html").write_text(f"{SECRET}", encoding="utf-8")
    escaped["files"]["html"]["name"] = "../outside.html"
    hidden = run(folder, "hidden-lv", about, kinds=("html",))
    hidden["files"]["html"]["name"] = ".hidden.html"
    changed = run(folder, "changed-lv", about, kinds=("html",))
    same_length = f"{SECRET}".ljust(changed["files"]["html"]["bytes"])
    (folder / "changed-lv.html").write_text(same_length, encoding="utf-8")
    gone = run(folder, "gone-lv", about, kinds=("html",))
    (folder / "gone-lv.html").unlink()
    linked = run(folder, "linked-lv", about, kinds=("html",))
    (folder / "linked-lv.html").rename(folder.parent / "elsewhere.html")
    (folder / "linked-lv.html").symlink_to(folder.parent / "elsewhere.html")
    (folder / "unlisted.html").write_text(f"{SECRET}", encoding="utf-8")
    write_runs(folder, [*runs, escaped, hidden, changed, gone, linked])
    return folder


def run(
    folder: Path,
    stem: str,
    parameters: dict[str, Any],
    *,
    title: str = "",
    notebook: str = "municipality",
    kinds: tuple[str, ...] = ("html", "pdf", "ipynb"),
    status: str = "done",
    failure: str = "",
    content: str = "<!DOCTYPE html><title>report</title>",
) -> dict[str, Any]:
    """Write the files of a run and return its entry in the list."""
    files = {}
    for kind in kinds if status == "done" else ():
        text = f"{content}<!-- {stem}.{kind} -->".encode()
        (folder / f"{stem}.{kind}").write_bytes(text)
        files[kind] = {"name": f"{stem}.{kind}", "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
    return {
        "stem": stem,
        "notebook": notebook,
        "parameters": parameters,
        "status": status,
        "title": title,
        "failure": failure,
        "files": files,
        "seconds": 1.0,
        "peak_mb": 100.0,
    }


def write_runs(folder: Path, runs: list[Any], **fields: Any) -> None:
    content = {"benchlib": "0.1.0", "format": 1, "runs": runs} | fields
    (folder / "runs.json").write_text(json.dumps(content), encoding="utf-8")
