"""Sentences of improvement plans and of the data chapter of a social-service plan."""
