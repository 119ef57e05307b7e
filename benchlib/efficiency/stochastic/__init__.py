"""Frontiers with noise: stochastic frontier analysis by maximum likelihood."""
