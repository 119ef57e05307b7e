"""Speed beside a peer: `python -m benchmarks` (or `make bench`) prints one table."""
