"""Surveys of residents and users."""
