"""Finding and opening pipelines, with every failure turned into one clear line."""

from __future__ import annotations

from pathlib import Path

import spacy
from spacy.language import Language

from pipeline.errors import ModelError, ModelMismatch, ModelNotFound
from pipeline.model import component  # noqa: F401  (registers the factory)
from pipeline.model.component import TrainedTagger
from pipeline.resources import models_dir

_ADVICE = "Give a pipeline folder or an installed spaCy pipeline; `--model none` works on rules alone."


def load_pipeline(path: str | Path | None, heads: tuple[str, ...] | None) -> Language:
    """See `pipeline.model.load`."""
    place = models_dir() / "ner" if path is None or str(path) == "default" else path
    nlp = _open(place)
    ours = trained_tagger(nlp)
    if ours is not None and heads is not None:
        known = ours.tagger.heads if ours.tagger else {}
        missing = [head for head in heads if head not in known]
        if missing:
            raise ModelMismatch(f"The model {place} has no head {', '.join(missing)}.", what_to_do=_ADVICE)
        ours.active = heads
    return nlp


def trained_tagger(nlp: Language) -> TrainedTagger | None:
    """Our component of a pipeline, if it has one."""
    return next((pipe for _, pipe in nlp.pipeline if isinstance(pipe, TrainedTagger)), None)


def _open(place: str | Path) -> Language:
    if isinstance(place, Path) or "/" in str(place):
        folder = Path(place)
        if not folder.is_dir():
            raise ModelNotFound(f"No model folder {folder}.", what_to_do=_ADVICE)
        if not (folder / "config.cfg").is_file():
            raise ModelMismatch(f"{folder} is not a spaCy pipeline: config.cfg is missing.", what_to_do=_ADVICE)
    try:
        return spacy.load(place)
    except ModelError:
        raise
    except OSError as error:
        raise ModelNotFound(f"Cannot load the model {place}: {_line(error)}", what_to_do=_ADVICE) from error
    except Exception as error:  # spaCy and confection raise many kinds for a damaged folder
        raise ModelMismatch(
            f"The model {place} is damaged or of another version: {_line(error)}", what_to_do=_ADVICE
        ) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
