"""Sentences of meeting papers and of a region's report."""
