"""The site: every municipality, figure, score and report of a run as static pages that need no server."""
