"""Whom to learn from, why, and what others can learn here."""
