"""From a gap to a plan, and from a plan to what became of it."""
