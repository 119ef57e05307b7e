"""What a report says, sentence by sentence, made from the figures.

Each function takes results and `Words` and gives back plain text; nothing is computed here. A sentence never says more than the
figures: who has no figure is said to have none, and what rests on few units says on how many.
"""

from benchlib.reporting.texts.change import (
    doubt_bullets,
    former_labels,
    former_sentences,
    former_texts,
    trend_sentences,
    trend_texts,
)
from benchlib.reporting.texts.learning import (
    better_sentence,
    confidence_sentences,
    efficiency_sentences,
    frontier_texts,
    reach_bullets,
    reach_note,
)
from benchlib.reporting.texts.position import (
    glance_texts,
    ranking_texts,
    room_sentence,
    standing_sentences,
    summary,
)
from benchlib.reporting.texts.who import age_note, context_facts, group_sentence, map_texts, origin, tiles_of, title

__all__ = [
    "age_note",
    "better_sentence",
    "confidence_sentences",
    "context_facts",
    "doubt_bullets",
    "efficiency_sentences",
    "former_labels",
    "former_sentences",
    "former_texts",
    "frontier_texts",
    "glance_texts",
    "group_sentence",
    "map_texts",
    "origin",
    "ranking_texts",
    "reach_bullets",
    "reach_note",
    "room_sentence",
    "standing_sentences",
    "summary",
    "tiles_of",
    "title",
    "trend_sentences",
    "trend_texts",
]
