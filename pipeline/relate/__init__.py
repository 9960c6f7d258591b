"""Stage 4, Annotated → PaperEvidence. Plain Python over mentions and text: no spaCy, no SQL."""
