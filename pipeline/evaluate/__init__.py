"""Scoring against annotated corpora: strict spans, abbreviation pairs, drug and dose pairs, our own gold.

Beside the flow: uses `read`, `tag` and `model`, is used by the command line and by the command that writes model cards.
"""
