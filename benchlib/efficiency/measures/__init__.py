"""Other ways to measure the distance to the same frontier: directions, slacks, prices, groups, mergers."""
