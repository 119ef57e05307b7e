"""Sentences of learning partners and practice examples: whom to visit and why, and what others can learn here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from benchlib.comparison import Difference, LearningPartners, Partner, Strength
from benchlib.indicators import Passport, Practice, Territory
from benchlib.reporting.base import literal
from benchlib.reporting.values import as_shown, cost_mark, doubt_note, label_of, listed, marked, ranked, some_listed
from benchlib.reporting.words import Words

#: Where users learn how to add a practice example.
_ADD = "benchlib practices add"


def introduction(partners: LearningPartners, words: Words) -> list[str]:
    """What the list of partners is, before it: whom it names, in which order, or why nobody.

    Parameters
    ----------
    partners : LearningPartners
        From `comparison.learning_partners`.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    _ = words.gettext
    m = words.name(partners.unit)
    if not partners.is_scored:
        return [_("Without a score nothing can be said about who does better.")]
    if partners.is_on_frontier:
        text = _("Nobody compared does better than {m}.").format(m=m)
        if partners.partners:
            more = _(
                "The municipalities below are on the efficiency frontier too, with another mix of cost and result; those most alike in "
                "context come first."
            )
            text += " " + more
        return [text]
    sentences = []
    shown, count = len(partners.partners), partners.candidates
    if shown < count:
        text = words.ngettext(
            "Named is {n} of {count} municipality from which {m} can learn.",
            "Named are {n} of {count} municipalities from which {m} can learn.",
            count,
        )
        sentences.append(text.format(n=shown, count=count, m=m))
    if shown > 1:
        text = _(
            "Those that do no worse in anything come first: whose advantage is greater than its margin of error before the others, then "
            "those alike in context, in the same network, or in the same planning region. Those with doubtful figures come last."
        )
        sentences.append(text)
    return sentences


def reasons(partners: LearningPartners, passports: Mapping[str, Passport], words: Words) -> list[str]:
    """Why each partner is worth a visit, one sentence for each, never surer than its interval.

    Parameters
    ----------
    partners : LearningPartners
        From `comparison.learning_partners`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
        Empty if there is nobody.
    """
    return [_reason(partner, partners, passports, words) for partner in partners.partners]


def _reason(partner: Partner, partners: LearningPartners, passports: Mapping[str, Passport], words: Words) -> str:
    clauses = [
        *_mix_clauses(partner.variables, passports, words),
        _role_clause(partner, partners, words),
        _certainty_clause(partner, words),
        *_common_clauses(partner, words),
        *_strength_clauses(partner.strengths, passports, words),
    ]
    if partner.practices:
        titles = listed([practice.title[words.language] for practice in partner.practices], words, quoted=True)
        clauses.append(words.gettext("practice examples: {titles}").format(titles=titles))
    name = marked(str(words.name(partner.unit)), partner.is_doubtful)
    return f"**{name}**: {'; '.join(clause for clause in clauses if clause)}."


def _mix_clauses(variables: Sequence[Difference], passports: Mapping[str, Passport], words: Words) -> list[str]:
    """What the partner spends and reaches: one cost and one result in plain words, anything else by name."""
    _ = words.gettext
    orders = [_order_of(item, passports[item.indicator]) for item in variables]
    first = passports[variables[0].indicator]
    if [item.direction for item in variables] == [-1, 1] and first.unit["en"].startswith("EUR per "):
        spent = {-1: _("spends less {per_user}"), 0: _("spends as much {per_user}"), 1: _("spends more {per_user}")}
        reached = {-1: _("reaches a lower result"), 0: _("reaches the same result"), 1: _("reaches a higher result")}
        per_user = first.unit[words.language].removeprefix("EUR ")
        return [listed([spent[orders[0]].format(per_user=per_user), reached[orders[1]]], words)]
    found: dict[str, list[Passport]] = {}
    for item, order in zip(variables, orders, strict=True):
        text = {-1: _("less"), 0: _("the same"), 1: _("more")}[order]
        found.setdefault(text, []).append(passports[item.indicator])
    return [f"{text} – {_marked(these, words)}" for text, these in found.items()]


def _order_of(item: Difference, passport: Passport) -> int:
    """Whether theirs is less (-1), the same (0) or more (1), as both are shown."""
    own, theirs = (as_shown(value, passport.decimals) for value in (item.own, item.theirs))
    return (theirs > own) - (theirs < own)


def _marked(passports: Sequence[Passport], words: Words) -> str:
    """Names of indicators in quotation marks, unit costs with their mark."""
    shown = (
        listed([passport.name[words.language]], words, quoted=True) + cost_mark(passport) for passport in passports
    )
    return listed(list(shown), words)


def _role_clause(partner: Partner, partners: LearningPartners, words: Words) -> str:
    _ = words.gettext
    if partner.role == "efficient":
        return _("on the efficiency frontier too")
    if partner.role == "peer":
        text = _("among those against whom the efficiency of {m} is measured (weight {weight})")
        return text.format(m=words.name(partners.unit), weight=words.percent(100 * partner.weight, 0))
    return ""


def _certainty_clause(partner: Partner, words: Words) -> str:
    """How sure the advantage is; nothing for who is not said to do better."""
    _ = words.gettext
    if partner.role == "efficient":
        return ""
    if partner.is_certain is None:
        return _("how sure the advantage is, is not known")
    if partner.is_certain:
        return _("the advantage in efficiency is greater than its margin of error")
    return _("the intervals of efficiency overlap, so the advantage may be chance")


def _common_clauses(partner: Partner, words: Words) -> list[str]:
    """What both have in common, and what speaks against the figures."""
    _ = words.gettext
    clauses = []
    if partner.is_similar:
        clauses.append(_("alike in context"))
    if partner.networks:
        clauses.append(_("same network: {networks}").format(networks=listed(partner.networks, words)))
    if partner.is_near:
        clauses.append(_("same planning region"))
    if partner.is_doubtful:
        clauses.append(_("its own figures are doubtful"))
    return clauses


def _strength_clauses(strengths: Sequence[Difference], passports: Mapping[str, Passport], words: Words) -> list[str]:
    """Where else the partner is better: by name in every year looked at, else counted."""
    lasting = [item for item in strengths if item.is_lasting]
    clauses = []
    if lasting:
        names = listed([passports[item.indicator].name[words.language] for item in lasting], words, quoted=True)
        clauses.append(words.gettext("better in all years looked at: {indicators}").format(indicators=names))
    unsure = len(strengths) - len(lasting)
    if unsure:
        text = words.ngettext(
            "better in {n} further indicator, but not surely",
            "better in {n} further indicators, but not surely",
            unsure,
        )
        clauses.append(text.format(n=unsure))
    return clauses


def teaching(
    partners: LearningPartners, passports: Mapping[str, Passport], words: Words, *, doubtful: Collection[str] = ()
) -> list[str]:
    """What others can learn from the municipality in the service and in all indicators.

    Parameters
    ----------
    partners : LearningPartners
        From `comparison.learning_partners`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.
    doubtful : collection of str
        Codes of those with doubtful figures (`ServiceScores.doubtful`); their names are marked.

    Returns
    -------
    list of str
        One paragraph each.
    """
    _ = words.gettext
    found, m = partners.teaching, words.name(partners.unit)

    def named(units: Collection[Territory]) -> str:
        return some_listed([marked(str(words.name(unit)), unit.code in doubtful) for unit in units], words)

    paragraphs = []
    if found.dominated:
        text = words.ngettext(
            "{n} municipality spends no less than {m} and reaches no more, so it can learn here directly: {names}.",
            "{n} municipalities spend no less than {m} and reach no more, so they can learn here directly: {names}.",
            len(found.dominated),
        )
        paragraphs.append(text.format(n=len(found.dominated), m=m, names=named(found.dominated)))
    if found.peer_of:
        text = words.ngettext(
            "The efficiency of {n} municipality is measured against {m}: {names}.",
            "The efficiency of {n} municipalities is measured against {m}: {names}.",
            len(found.peer_of),
        )
        paragraphs.append(text.format(n=len(found.peer_of), m=m, names=named(found.peer_of)))
    if any(unit.code in doubtful for unit in found.learners):
        paragraphs[-1] += f" {doubt_note(words)}"
    if not found.learners:
        paragraphs.append(
            _("For nobody compared is {m} a direct example in this service.").format(m=m)
            if partners.is_scored
            else _("Without a score nothing can be said about who can learn here.")
        )
    if found.strengths:
        text = _("In the best quarter of all compared, with the rank and its range in the years around: {indicators}.")
        shown = "; ".join(_strength(item, passports, words) for item in found.strengths)
        paragraphs.append(text.format(indicators=shown))
    if not found.practices:
        text = _("No practice example of {m} is recorded. One can be added: {command}.")
        paragraphs.append(text.format(m=m, command=_ADD))
    return paragraphs


def _strength(item: Strength, passports: Mapping[str, Passport], words: Words) -> str:
    passport = passports[item.indicator]
    among = item.fewest_members, item.most_members
    rank = ranked(item.rank, item.rank_low, item.rank_high, item.members_with_figure, words, among=among)
    return f"{label_of(passport, words, year=item.year)}{cost_mark(passport)} – {rank}"


def examples(practices: Collection[Practice], words: Words) -> list[str]:
    """Practice examples as points: what it is called, who did it, what was done, and where that is written.

    Parameters
    ----------
    practices : collection of Practice
        The examples.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
    """
    return [
        f"**{literal(practice.title[words.language])}** ({_who_and_when(practice, words)}; {literal(practice.source)}). "
        f"{literal(practice.action[words.language])}"
        for practice in practices
    ]


def needed(found: Mapping[str, Collection[Practice]], passports: Mapping[str, Passport], words: Words) -> list[str]:
    """Practice examples for the indicators in the last quarter, and a word on those for which there is none.

    Parameters
    ----------
    found : mapping of str to collection of Practice
        From `comparison.practices_for`.
    passports : mapping of str to Passport
        Passports of the indicators.
    words : Words
        Language of the text.

    Returns
    -------
    list of str
        Points; a single one if no indicator is in the last quarter.
    """
    _ = words.gettext
    if not found:
        return [_("No indicator is in the last quarter of the group.")]
    points = [
        f"**{passports[indicator].name[words.language]}**: {'; '.join(_short(practice, words) for practice in practices)}."
        for indicator, practices in found.items()
        if practices
    ]
    without = [passports[indicator].name[words.language] for indicator, practices in found.items() if not practices]
    if without:
        text = _("No practice example aims at: {indicators}. One can be added: {command}.")
        points.append(text.format(indicators=listed(without, words, quoted=True), command=_ADD))
    return points


def _short(practice: Practice, words: Words) -> str:
    title = listed([practice.title[words.language]], words, quoted=True)
    return literal(f"{title} ({_who_and_when(practice, words)}; {practice.source})")


def doer(practice: Practice, words: Words) -> str:
    """Who did what a practice example tells, as it was called then.

    Parameters
    ----------
    practice : Practice
        The example.
    words : Words
        Language of the text.

    Returns
    -------
    str
    """
    if practice.unit is not None:
        return str(words.name(practice.unit))
    return practice.body[words.language] if practice.body else ""


def _who_and_when(practice: Practice, words: Words) -> str:
    return ", ".join([literal(doer(practice, words)), *([str(practice.year)] if practice.year else [])])
