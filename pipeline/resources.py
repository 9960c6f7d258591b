"""Where the data files are: in the wheel under `pipeline/_models`, in a checkout under `models/`."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import ModelNotFound

_PACKAGE = Path(__file__).resolve().parent


def models_dir() -> Path:
    """The folder that holds `lexicon/` and the trained models.

    Raises:
        ModelNotFound: the installation is incomplete.
    """
    for folder in (_PACKAGE / "_models", _PACKAGE.parent / "models"):
        if folder.is_dir():
            return folder
    raise ModelNotFound(
        f"No models folder beside {_PACKAGE}.", what_to_do="Reinstall evidence-pipeline, or run from a full checkout."
    )


def lexicon_path(name: str) -> Path:
    """Path of `models/lexicon/<name>.tsv`.

    Raises:
        ModelNotFound: there is no such lexicon.
    """
    path = models_dir() / "lexicon" / f"{name}.tsv"
    if not path.is_file():
        raise ModelNotFound(f"No lexicon {name!r} at {path}.", what_to_do="Reinstall evidence-pipeline.")
    return path
