"""Questions to a database: query, summaries, ico, show, verify, audit, review."""
