"""A plan file as people get it, to be edited line by line."""

from __future__ import annotations

from pathlib import Path

PLAN = """# A remark of somebody
format = 1
id = "bauskas-novads-2011"
municipality = "0025000"
name = "Bauskas novads"
territory = "2025"
base_year = 2011
group = "similar"
theme = "report"
service = "schools"
access = "members"
figures = "public"
made_with = "benchlib"

[[goals]]
indicator = "education_expenditure_per_pupil"
target = 1293
target_year = 2014
comparator = "median"
partners = ["Olaines novads", "0053000"]
practices = ["t4-small-schools"]
responsible = "Izglītības pārvalde"
notes = "Pirmais\\nOtrais"
follow_up = [
    { year = 2012, target = 1304.5 },
    { year = 2014, target = 1293 },
]
measures = [
    { what = "Kopīga virtuve", cost_eur = 12500.5, from = "2012", until = "2012-09" },
    { what = "", cost_eur = "", from = "", until = "" },
]

[goals.why]
base = 1310.17
base_year = 2011
median = 1293.4
best = 1089.2
best_municipality = "Valkas novads"
rank = 19
rank_low = 15
rank_high = 21
members = 35
light = "yellow"

[[goals]]
indicator = "exam_grade9_mathematics"
target = 55
target_year = 2013
comparator = "own"
"""


def edited(*pairs: tuple[str, str]) -> str:
    """The plan with each first text replaced by the second; every edit must hit."""
    text = PLAN
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def plan_file(folder: Path, *pairs: tuple[str, str], name: str = "plan.toml") -> Path:
    """The edited plan as a file."""
    path = folder / name
    path.write_text(edited(*pairs), encoding="utf-8")
    return path


def stored(folder: Path, *pairs: tuple[str, str], name: str = "bauskas-novads-2011.toml") -> Path:
    """The edited plan as a stored one, below the folder that XDG_DATA_HOME names."""
    plans = folder / "benchlib" / "data" / "plans"
    plans.mkdir(parents=True, exist_ok=True)
    return plan_file(plans, *pairs, name=name)
