"""Stage 2, Document → Annotated. One file = one spaCy component; spaCy objects never leave this package."""
