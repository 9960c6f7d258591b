"""Stage 6, PaperEvidence ⇄ SQLite. The only package that knows SQL."""
