"""What a report on a service is made of, for years and classifications that differ: computed once, shared by the tests."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import pandas as pd
from report_cases import CATALOGUE, MONEY, PASSPORTS, SCHOOLS

import benchlib as bl
from benchlib.comparison import (
    ReformGains,
    ServiceOverview,
    ServiceReading,
    doubtful_figures,
    frontier_certainties,
    reform_gains,
    service_overview,
    service_reading,
)
from benchlib.comparison.doubts import NO_DOUBTS, Doubts
from benchlib.comparison.services.overview import ContextEffects
from benchlib.efficiency import BootstrapResult, compare_methods, screen_outliers
from benchlib.errors import AssumptionWarning
from benchlib.reporting import Name, Words, texts
from benchlib.reporting.base import Block
from benchlib.reporting.tables import (
    agreement,
    context,
    doubts,
    drivers,
    learners,
    need,
    reform,
    scores,
    spread,
    teachers,
)
from benchlib.reporting.values import marked_names
from benchlib.terms import Method

CASES = ("today", "former", "bare")


class Case(NamedTuple):
    overview: ServiceOverview
    reform: ReformGains | None
    reading: ServiceReading
    doubts: Doubts = NO_DOUBTS
    certainties: tuple[BootstrapResult | None, ...] = ()


@contextmanager
def without_remarks() -> Iterator[None]:
    """On the shipped figures sfa finds no inefficiency and says so; that is what the cases are about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AssumptionWarning)
        yield


@cache
def case(name: str) -> Case:
    """Of 2013, all 42 have figures, and no doubtful one spans the frontier; of 2012, 112 of 119 have, and one does.

    "bare" has no interval, one method, another that failed, no regression, no adjusted cost, no index and no reform.
    """
    if name == "bare":
        nothing = ContextEffects(None, pd.DataFrame(), {}, reason="made up")
        today = case("today").overview
        one = compare_methods(today.sample, methods=["fdh"])
        overview = replace(today, certainty=None, context=nothing, methods=one, failed={"bootstrap": "made up"})
        return Case(overview, None, replace(case("today").reading, need=None, composite=None), case("today").doubts)
    year, territory = (2013, "2025") if name == "today" else (2012, "2009")
    with without_remarks():
        overview = service_overview(SCHOOLS, year=year, territory=territory, replications=100, seed=1)  # type: ignore[arg-type]
    reading = service_reading(SCHOOLS, year=year, territory=territory, seed=1)  # type: ignore[arg-type]
    doubts = doubtful_figures([*SCHOOLS.inputs, *SCHOOLS.outputs, *reading.years], territory=territory)  # type: ignore[arg-type]
    return Case(
        overview,
        reform_gains(SCHOOLS, year=year),
        reading,
        doubts,
        frontier_certainties(overview, replications=100, seed=1),
    )


@cache
def named(language: str) -> dict[str, Name]:
    words = Words(language)  # type: ignore[arg-type]
    return {unit.code: words.name(unit) for of in ("2009", "2021", "2025") for unit in bl.classification(of)}  # type: ignore[arg-type]


def with_methods(it: Case, *methods: Method) -> ServiceOverview:
    with without_remarks():
        found = compare_methods(it.overview.sample, methods=methods, replications=100, seed=1)
    return replace(it.overview, methods=found)


def with_savings(gains: ReformGains, **factors: list[float]) -> ReformGains:
    """The first mergers, with typed-in factors; learning 0.8 and harmony 1 unless said otherwise."""
    count = len(next(iter(factors.values())))
    table = gains.gains.scores.head(count).reset_index(drop=True)
    given = {"learning": [0.8] * count, "harmony": [1.0] * count} | factors
    table = table.assign(**given)
    table["corrected"] = table["harmony"] * table["size"]
    table["potential"] = table["learning"] * table["corrected"]
    return replace(gains, gains=replace(gains.gains, scores=table))


def with_outliers(it: Case, screen: float) -> ServiceOverview:
    return replace(it.overview, outliers=screen_outliers(it.overview.sample, screen=screen))


def every_text(it: Case, words: Words) -> Iterator[tuple[str, str]]:
    """Name of the function and each of its texts, as the notebook calls them."""
    overview, gains, names, reading = it.overview, it.reform, named(words.language), it.reading
    marked = marked_names(names, reading.doubtful)
    several = {
        "reading": texts.reading.reading_sentences(reading, PASSPORTS, words),
        "index": texts.reading.composite_sentences(reading, names, words),
        "reading point": [texts.reading.reading_point(reading, names, words)],
        "method note": [texts.reading.method_note(words)],
        "need": texts.need.need_sentences(reading, PASSPORTS, marked, words),
        "summary": texts.service_summary(overview, gains, names, PASSPORTS, words, certainties=it.certainties),
        "sample": texts.sample_sentences(overview, names, words),
        "spread": texts.spread_sentences(overview, names, words),
        "certainty": [texts.certainty_sentence(overview, words)],
        "kinds": texts.kinds_sentences(overview, words),
        "agreement": [texts.agreement_sentence(overview, words)],
        "outliers": texts.outlier_sentences(overview, names, words),
        "context": [*texts.context_sentences(overview, PASSPORTS, words), texts.context_note(words)],
        "lessons": texts.lesson_sentences(overview, names, words, certainties=it.certainties),
        "reform": [] if gains is None else texts.reform_sentences(gains, names, words),
        "reform note": [] if gains is None else [texts.reform_note(gains, overview.year, words)],
    }
    pictures = {
        "reading": texts.reading.reading_texts(reading, names, words),
        "need": {} if reading.need is None else texts.need.need_texts(reading.need, MONEY, marked, words),
        "frontier": texts.frontier_of_all_texts(overview, names, PASSPORTS, words),
        "intervals": texts.intervals_texts(overview, names, words),
        "ranks": texts.ranks_texts(overview, names, words),
        "effects": {} if overview.context.result is None else texts.context_texts(overview, PASSPORTS, words),
        "mergers": {} if gains is None else texts.reform_texts(gains, names, words),
    }
    yield "title", texts.service_title(overview.service, overview.year, words)
    yield from ((name, text) for name, sentences in several.items() for text in sentences if text)
    yield from ((f"{name}, {part}", text) for name, pair in pictures.items() for part, text in pair.items() if text)


def every_table(it: Case, words: Words) -> dict[str, Block | None]:
    """Every table of the report, as the notebook calls them."""
    overview, names = it.overview, named(words.language)
    return {
        "reading": need.reading(it.reading, PASSPORTS, names, words, doubts=it.doubts),
        "conditions": need.conditions(it.reading.need, PASSPORTS, words),
        "spread": spread(overview, PASSPORTS, names, words, doubts=it.doubts),
        "doubts": doubts(overview, CATALOGUE, names, words),
        "scores": scores(overview, PASSPORTS, names, words, doubts=it.doubts),
        "agreement": agreement(overview.methods, words),
        "drivers": drivers(overview.outliers, names, words),
        "context": context(overview.context, PASSPORTS, words),
        "teachers": teachers(overview, names, words, certainties=it.certainties),
        "learners": learners(overview, names, words, certainties=it.certainties),
        "reform": None if it.reform is None else reform(it.reform, names, words),
    }
