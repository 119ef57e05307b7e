"""What a report is made of, for municipalities that differ: computed once, shared by the tests of texts, tables and plots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import pandas as pd

import benchlib as bl
from benchlib import comparison
from benchlib.comparison import ComparisonGroup, LearningPartners, Profile, RoomForManoeuvre, ServiceScores
from benchlib.indicators import Passport, Practice, Service, Territory
from benchlib.reporting import Words, texts
from benchlib.terms import Classification

CATALOGUE = bl.load_catalogue()
PASSPORTS = CATALOGUE.indicators
SCHOOLS = CATALOGUE.service("schools")
MONEY, RESULT = PASSPORTS["education_expenditure_per_pupil"], PASSPORTS["exam_grade9_mean"]

#: Municipality, classification, year, comparison group.
CASES: Mapping[str, tuple[str, Classification, int, str]] = {
    "bauska": ("Bauskas novads", "2025", 2013, "similar"),
    "city": ("Jelgavas pilsēta", "2025", 2013, "similar"),
    "former": ("Vecumnieku novads", "2009", 2013, "similar"),
    "unscored": ("Ādažu novads", "2025", 2011, "network:T2"),
    "split heir": ("Preiļu novads", "2025", 2013, "region"),
    "split": ("Aglonas novads", "2009", 2011, "own: Preiļu novads; Krāslavas novads; Dagdas novads"),
    "best": ("Valkas novads", "2025", 2013, "kind"),
    "alone": ("Jelgavas novads", "2025", 2012, "network:T4"),
    "few": ("Bauskas novads", "2025", 2011, "own: Ogres novads"),
}


@dataclass(frozen=True)
class Case:
    unit: Territory
    territory: Classification
    year: int
    group: ComparisonGroup
    profile: Profile
    context: Profile
    kin: ComparisonGroup
    scores: ServiceScores
    formers: pd.DataFrame
    development: pd.DataFrame
    figures: pd.DataFrame
    sensitivity: pd.DataFrame

    @property
    def service(self) -> Service:
        return SCHOOLS

    @property
    def parts(self) -> pd.DataFrame | None:
        return None if self.territory == "2009" else bl.former_municipalities(self.unit.code)

    @property
    def volume(self) -> float:
        return float(self.profile.row(MONEY.id)["volume"])

    @property
    def room(self) -> RoomForManoeuvre:
        return comparison.room_for_manoeuvre(self.profile, MONEY.id, scores=self.scores)

    @cached_property
    def partners(self) -> LearningPartners:
        ids = self.profile.table["indicator"]
        return comparison.learning_partners(self.scores, self.kin, ids=ids, year=self.year, group=self.group)

    @property
    def needed(self) -> dict[str, tuple[Practice, ...]]:
        return comparison.practices_for(self.profile, CATALOGUE.practices.values())

    def names(self, words: Words) -> dict[str, str]:
        return {unit.code: words.name(unit) for unit in bl.classification(self.territory)}

    def labelled(self, words: Words) -> pd.DataFrame:
        return self.formers.assign(label=texts.former_labels(self.formers, words))


@cache
def case(name: str) -> Case:
    municipality, territory, year, word = CASES[name]
    unit = bl.find_municipality(municipality, territory)
    shown = {
        part: comparison.with_figures(ids, territory=territory)
        for part, ids in CATALOGUE.reports["municipality"].items()
    }
    group = bl.comparison_group(unit.code, group=word, year=year, territory=territory)
    kin = comparison.comparable_units(unit.code, year=year, territory=territory)
    everything = list(dict.fromkeys(i for ids in shown.values() for i in ids))
    of_unit = {"municipalities": unit.code, "territory": territory}
    return Case(
        unit,
        territory,
        year,
        group,
        bl.profile(shown["compared"], group=group, year=year),
        bl.profile(shown["context"], group=group, year=year),
        kin,
        comparison.score_service(SCHOOLS, kin, year=year, replications=100, seed=1),
        comparison.former_figures(shown["former"], municipality=unit.code, year=year, territory=territory),
        bl.trend(shown["trend"], group=group, years=SCHOOLS.years),
        bl.load_indicators(everything, years="all", **of_unit),  # type: ignore[arg-type]
        bl.split_sensitivity([MONEY.id, RESULT.id], years=year, **of_unit),  # type: ignore[arg-type]
    )


def every_text(it: Case, words: Words) -> Iterator[tuple[str, str]]:
    """Name of the function and each of its texts, as the notebook calls them."""
    names, service = it.names(words), it.service
    passports: Mapping[str, Passport] = PASSPORTS
    single = {
        "title": texts.title(it.unit, it.year, words),
        "age_note": texts.age_note(it.year, service, words),
        "origin": texts.origin(it.unit, it.parts, words),
        "group_sentence": texts.group_sentence(it.group, passports, words),
        "better_sentence": texts.better_sentence(it.scores, it.kin, words),
    }
    if it.scores.is_scored:
        single["reach_note"] = texts.reach_note(words)
    several = {
        "summary": texts.summary(it.profile, it.scores, it.kin, MONEY, RESULT, words),
        "standing": texts.standing_sentences(it.profile, passports, words),
        "efficiency": texts.efficiency_sentences(it.scores, it.kin, service, words),
        "confidence": texts.confidence_sentences(service, it.scores, words),
        "reach": texts.reach_bullets(
            it.scores.reach(it.volume), names, MONEY, RESULT, words, room=it.room, doubtful=it.scores.doubtful
        ),
        "partners": texts.partners.introduction(it.partners, words),
        "reasons": texts.partners.reasons(it.partners, passports, words),
        "needed": texts.partners.needed(it.needed, passports, words),
        "teaching": texts.partners.teaching(it.partners, passports, words, doubtful=it.scores.doubtful),
        "examples": texts.partners.examples(it.partners.teaching.practices, words),
        "former": texts.former_sentences(it.labelled(words), passports, words),
        "trend": texts.trend_sentences(it.development, passports, words),
        "doubt": [
            *texts.doubt_bullets(it.unit, it.figures, service, CATALOGUE, it.sensitivity, words),
            *texts.group_doubt_bullets(it.profile, passports, names, words),
        ],
        "facts": [f"{f.label}: {f.value} ({f.detail})" for f in texts.context_facts(it.context, passports, words)],
    }
    pictures = {
        "map": texts.map_texts(it.unit, it.group, words),
        "glance": texts.glance_texts(it.profile, passports, words),
        "ranking of money": texts.ranking_texts(it.profile, MONEY, names, words),
        "ranking of result": texts.ranking_texts(it.profile, RESULT, names, words),
        "frontier": texts.frontier_texts(it.scores, it.kin, MONEY, RESULT, words),
        "former figure": texts.former_texts(it.unit, it.labelled(words), passports, words),
        "trend figure": texts.trend_texts(it.development, passports, words),
    }
    yield from single.items()
    yield from ((name, text) for name, sentences in several.items() for text in sentences)
    yield from ((f"{name}, {part}", text) for name, pair in pictures.items() for part, text in pair.items())
