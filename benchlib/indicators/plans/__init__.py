"""Improvement plans as data."""
