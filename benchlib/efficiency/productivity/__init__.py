"""Change over time: indices of productivity and their parts."""
