"""One public service: scores, what they say about one municipality, a region, all; what merging promised."""
