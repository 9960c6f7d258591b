"""Readers of annotated corpora: one function per distribution format, all returning `Labelled`."""
