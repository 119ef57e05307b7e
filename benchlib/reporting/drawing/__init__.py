"""From a drawing of matplotlib to a small picture: letters as outlines, shapes as vectors, PNG where that is smaller."""
