"""What a report says, sentence by sentence, made from the figures.

Each function takes results and `Words` and gives back plain text; nothing is computed here. A sentence never says more than the
figures: who has no figure is said to have none, and what rests on few units says on how many.
"""

from benchlib.reporting.texts import need, partners
from benchlib.reporting.texts.change import (
    doubt_bullets,
    former_labels,
    former_sentences,
    former_texts,
    group_doubt_bullets,
    trend_sentences,
    trend_texts,
)
from benchlib.reporting.texts.closed import closed_note
from benchlib.reporting.texts.energy import energy
from benchlib.reporting.texts.figures import radar_texts, score_map_texts, slope_texts
from benchlib.reporting.texts.learning import (
    better_sentence,
    confidence_sentences,
    efficiency_sentences,
    frontier_texts,
)
from benchlib.reporting.texts.meetings import meeting, network, region, satisfaction, talk
from benchlib.reporting.texts.plans import followed, plan, social
from benchlib.reporting.texts.position import (
    glance_texts,
    ranking_texts,
    room_sentence,
    standing_sentences,
    summary,
)
from benchlib.reporting.texts.reach import reach_bullets, reach_note
from benchlib.reporting.texts.services import reading
from benchlib.reporting.texts.services.figures import (
    context_texts,
    frontier_of_all_texts,
    intervals_texts,
    ranks_texts,
    reform_texts,
)
from benchlib.reporting.texts.services.reform import reform_note, reform_sentences
from benchlib.reporting.texts.services.region_points import region_points, with_own
from benchlib.reporting.texts.services.service import (
    agreement_sentence,
    certainty_sentence,
    context_note,
    context_sentences,
    kinds_sentences,
    lesson_sentences,
    outlier_sentences,
    sample_sentences,
    service_title,
    spread_sentences,
)
from benchlib.reporting.texts.services.summary import service_summary
from benchlib.reporting.texts.who import age_note, context_facts, group_sentence, map_texts, origin, tiles_of, title

__all__ = [
    "age_note",
    "agreement_sentence",
    "better_sentence",
    "certainty_sentence",
    "closed_note",
    "confidence_sentences",
    "context_facts",
    "context_note",
    "context_sentences",
    "context_texts",
    "doubt_bullets",
    "efficiency_sentences",
    "energy",
    "followed",
    "former_labels",
    "former_sentences",
    "former_texts",
    "frontier_of_all_texts",
    "frontier_texts",
    "glance_texts",
    "group_doubt_bullets",
    "group_sentence",
    "intervals_texts",
    "kinds_sentences",
    "lesson_sentences",
    "map_texts",
    "meeting",
    "need",
    "network",
    "origin",
    "outlier_sentences",
    "partners",
    "plan",
    "radar_texts",
    "ranking_texts",
    "ranks_texts",
    "reach_bullets",
    "reach_note",
    "reading",
    "reform_note",
    "reform_sentences",
    "reform_texts",
    "region",
    "region_points",
    "room_sentence",
    "sample_sentences",
    "satisfaction",
    "score_map_texts",
    "service_summary",
    "service_title",
    "slope_texts",
    "social",
    "spread_sentences",
    "standing_sentences",
    "summary",
    "talk",
    "tiles_of",
    "title",
    "trend_sentences",
    "trend_texts",
    "with_own",
]
