"""matplotlib, set up the same for every picture: no screen, readable fonts, files that do not change with the clock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import StoreError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Colours told apart by people with colour blindness (Okabe and Ito 2008).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


def canvas(width: float, height: float, rows: int = 1) -> tuple[Figure, list[Axes]]:
    """A figure of so many inches with `rows` panels below each other.

    Raises:
        StoreError: matplotlib is not installed.
    """
    try:
        import matplotlib
    except ModuleNotFoundError as error:
        raise StoreError("Pictures need matplotlib.", what_to_do="pip install 'evidence-pipeline[plot]'") from error
    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "evidence", "font.size": 9, "svg.fonttype": "none"})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(rows, 1, figsize=(width, height), squeeze=False, layout="constrained")
    return figure, [row[0] for row in axes]


def save(figure: Figure, path: Path) -> None:
    """Write .svg, .png or .pdf, without the time of writing.

    Raises:
        StoreError: another ending, or the folder cannot be written.
    """
    from matplotlib import pyplot

    form = path.suffix.lower().lstrip(".")
    keys = {"svg": "Date", "pdf": "CreationDate", "png": "Software"}
    if form not in keys:
        raise StoreError(f"{path.name}: pictures end in .svg, .png or .pdf.", what_to_do="Change the name after -o.")
    try:
        figure.savefig(path, format=form, dpi=150, metadata={keys[form]: None})
    except OSError as error:
        raise StoreError(f"Cannot write {path}: {error.strerror}.", what_to_do="Choose another place.") from error
    finally:
        pyplot.close(figure)


def short(text: object, width: int) -> str:
    """Text cut to `width` characters, with a sign that it was cut."""
    words = " ".join(str(text).split())
    return words if len(words) <= width else words[: width - 1] + "…"
