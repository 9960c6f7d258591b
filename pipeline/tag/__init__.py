"""Tagging: from a `Document` to its sentences, abbreviations and mentions.

Place in the flow: after `read`, before `relate`. Behind this door stands a spaCy pipeline on scispaCy's tokenizer,
assembled from `config.cfg`; nothing of spaCy leaves it (see `convert.py`).

>>> tagger = load_tagger("none")
>>> annotated = tagger.tag(document)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.tag.tagger import Tagger

__all__ = ["load_tagger"]


def load_tagger(model: str | Path | None = "default") -> Tagger:
    """Build the tagging pipeline (about a second; keep the result).

    Args:
        model: "default" for the shipped trained heads, "none" or None for rules alone, or the path or name of any
            other pipeline that `pipeline.model.load` accepts.

    Raises:
        ModelNotFound: there is no such model.
        ModelMismatch: the model is damaged or of another version.
    """
    # Imported here so that `import pipeline.tag` costs nothing where only records or pure finders are needed.
    from pipeline.tag.tagger import build_tagger

    return build_tagger(None if model in (None, "none") else model)
