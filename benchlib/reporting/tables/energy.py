"""Tables of the overview of energy-efficiency measures."""
