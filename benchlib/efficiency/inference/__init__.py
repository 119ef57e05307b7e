"""How sure are scores: bootstraps, tests and intervals."""
