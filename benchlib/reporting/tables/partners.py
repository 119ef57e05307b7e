"""Tables of learning partners and practice examples."""
