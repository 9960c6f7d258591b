"""Stage 3, Mention → Concept. Lexicons and vocabularies."""
