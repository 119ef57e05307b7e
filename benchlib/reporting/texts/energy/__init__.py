"""Sentences of the energy overview."""
