"""Registers of buildings and the factors of the energy overview."""
