"""Training, loading and scoring of the trained model.

Place in the flow: `tag` asks `load` for a spaCy pipeline once per process; training and scoring are tools beside it.

>>> nlp = load()                                   # the shipped model
>>> doc = nlp("Tacrolimus raised creatinine.")
>>> doc.spans["ner:bc5cdr"].attrs["ranges"]
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["load"]


def load(path: str | Path | None = None, *, heads: tuple[str, ...] | None = None) -> Language:
    """Load a trained pipeline (half a second; keep the result).

    Args:
        path: a pipeline folder, the name of an installed spaCy pipeline, or None or "default" for the shipped one.
        heads: which heads to run, if the pipeline is one of ours; default those the product reads.

    Raises:
        ModelNotFound: there is no such model.
        ModelMismatch: it is damaged or of another version.
    """
    from pipeline.model.loading import load_pipeline

    return load_pipeline(path, heads)
