"""From an executed notebook to the files that readers open: HTML and PDF, from one list of blocks."""
