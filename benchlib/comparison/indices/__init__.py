"""Indices, cost adjusted for need, and room for manoeuvre, each with its uncertainty."""
