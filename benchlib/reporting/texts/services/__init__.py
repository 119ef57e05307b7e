"""Sentences of the report on a public service."""
