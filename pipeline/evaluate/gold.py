"""Our own gold: mentions of the whole product tagger against the hand-made ones.

A gold folder holds `docs/*.txt` and `json/*.json`; a gold string counts wherever it occurs as a whole word, longer
strings first, without overlap.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.document import Document
from pipeline.errors import UnknownFormat
from pipeline.evaluate.score import Scores
from pipeline.evidence import Annotated


def gold_spans(text: str, strings: Iterable[str]) -> set[tuple[int, int]]:
    """Where the gold strings stand in the text."""
    found: list[tuple[int, int]] = []
    for string in sorted(set(strings), key=len, reverse=True):
        left = r"(?<![A-Za-z0-9])" if string[:1].isalnum() else ""
        right = r"(?![A-Za-z0-9])" if string[-1:].isalnum() else ""
        for match in re.finditer(left + re.escape(string) + right, text):
            if not any(a < match.end() and match.start() < b for a, b in found):
                found.append(match.span())
    return set(found)


def gold_papers(folders: Iterable[Path]) -> Iterator[tuple[Path, dict[str, Any], int]]:
    """Each document of some gold folders, its record, and how often its folder is named."""
    for file, times in sorted(Counter(file for one in folders for file in (one / "json").glob("*.json")).items()):
        record = json.loads(file.read_text(encoding="utf-8"))
        yield file.parent.parent / "docs" / record["doc"], record, times


def folders_and_target(arguments: Sequence[str]) -> tuple[list[Path], Path | None]:
    """The folders of a command that learns, and the file to write, which is named after `--to`."""
    folders, to = list(arguments), None
    if "--to" in folders:
        at = folders.index("--to")
        to = Path(folders[at + 1])
        folders = folders[:at] + folders[at + 2 :]
    return [Path(folder) for folder in folders], to


def score_gold(folder: Path, model: str | None) -> Scores:
    """Read and tag every document with the product, compare its mentions with the gold.

    Args:
        folder: with `docs` and `json`.
        model: as `pipeline.tag.load_tagger` takes it.

    Raises:
        UnknownFormat: the folder holds no gold.
    """
    # Late: scoring a corpus must not need the readers.
    from pipeline.read import read_documents
    from pipeline.tag import load_tagger

    papers = list(gold_papers([folder]))
    if not papers:
        raise UnknownFormat(f"{folder} holds no gold.", what_to_do="Expected: docs/*.txt and json/*.json.")
    tagger = load_tagger(model)
    scores = Scores()
    for path, record, _ in papers:
        with path.open(encoding="utf-8", newline="") as handle:
            text = handle.read()
        found: set[tuple[tuple[int, int], str]] = set()
        for document in read_documents(path):
            if isinstance(document, Document):
                found |= _mentions(tagger.tag(document), set(record["mentions"]))
        wanted = {(span, label) for label, strings in record["mentions"].items() for span in gold_spans(text, strings)}
        scores.add(wanted, found)
    return scores


def _mentions(annotated: Annotated, labels: set[str]) -> set[tuple[tuple[int, int], str]]:
    """Offsets in the source text of the mentions with these labels."""
    found = set()
    for mention in annotated.mentions:
        source_map = annotated.document.passages[mention.passage].source_map
        span = source_map.source_span(mention.start, mention.end) if source_map else None
        if str(mention.label) in labels and span is not None:
            found.add((span, str(mention.label)))
    return found
