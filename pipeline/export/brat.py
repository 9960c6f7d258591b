"""Texts and annotations in BRAT standoff: `<paper>.txt` and `<paper>.ann` (Stenetorp et al., EACL 2012).

The text is the repaired passages, one below the other. Mentions are T lines, their concepts N lines, results R lines
from the quote (a T line RESULT or COMPARISON) with the row's values as an AnnotatorNotes line.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from pipeline.export.names import file_stem
from pipeline.export.selection import Row, Selection, Value
from pipeline.store import Store

_GAP = "\n\n"
_SKIPPED = frozenset(
    "paper_id quote bbox row_id passage_id char_start char_end kind result_id comparison_id".split(),
)


def write(store: Store, selection: Selection, folder: Path) -> list[Path]:
    """Two files per paper, and `annotation.conf` with the labels."""
    passages: dict[str, list[Row]] = defaultdict(list)
    mentions: dict[str, list[Row]] = defaultdict(list)
    labels: set[str] = {"RESULT", "COMPARISON"}
    for row in selection.rows(store, "passages"):
        passages[str(row["paper_id"])].append(row)
    for row in selection.rows(store, "mentions"):
        mentions[str(row["paper_id"])].append(row)
        labels.add(str(row["label"]))
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in selection.quoted(store):
        rows[str(row["paper_id"])].append(row)
    files = [_configuration(folder, labels)]
    for paper, parts in passages.items():
        text, starts = _join(parts)
        stem = file_stem(paper)
        files += [folder / f"{stem}.txt", folder / f"{stem}.ann"]
        files[-2].write_text(text, encoding="utf-8", newline="")
        lines = _annotations(text, starts, mentions[paper], rows[paper])
        files[-1].write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    return files


def _configuration(folder: Path, labels: set[str]) -> Path:
    path = folder / "annotation.conf"
    names = "\n".join(sorted(labels))
    path.write_text(
        f"[entities]\n{names}\n\n[relations]\nHolds\tArg1:RESULT|COMPARISON, Arg2:<ENTITY>\n\n"
        "[events]\n\n[attributes]\nAssertion\tArg:<ENTITY>, Value:negated|hypothetical\n",
        encoding="utf-8",
    )
    return path


def _join(passages: list[Row]) -> tuple[str, dict[str, int]]:
    starts: dict[str, int] = {}
    text = ""
    for passage in passages:
        starts[str(passage["passage_id"])] = len(text)
        text += str(passage["text"]) + _GAP
    return text, starts


def _annotations(text: str, starts: dict[str, int], mentions: list[Row], rows: list[Row]) -> list[str]:
    lines: list[str] = []
    spans: list[tuple[int, int, str]] = []
    for number, mention in enumerate(mentions, 1):
        start, end = _span(mention, starts)
        spans.append((start, end, f"T{number}"))
        lines.append(f"T{number}\t{mention['label']} {_fragments(text, start, end)}")
        if mention["concept_id"]:
            lines.append(f"N{number}\tReference T{number} {mention['concept_id']}\t{mention['preferred_name']}")
        if mention["assertion"] in ("negated", "hypothetical"):
            lines.append(f"A{number}\tAssertion T{number} {mention['assertion']}")
    relation = 0
    for number, row in enumerate(rows, 1):
        start, end = _span(row, starts)
        key = f"T{len(mentions) + number}"
        lines.append(f"{key}\t{row['kind']} {_fragments(text, start, end)}")
        lines.append(f"#{number}\tAnnotatorNotes {key}\t{json.dumps(_values(row), ensure_ascii=False)}")
        for low, high, mention_key in spans:
            if start <= low and high <= end:
                relation += 1
                lines.append(f"R{relation}\tHolds Arg1:{key} Arg2:{mention_key}")
    return lines


def _span(row: Row, starts: dict[str, int]) -> tuple[int, int]:
    offset = starts[str(row["passage_id"])]
    return offset + _int(row["char_start"]), offset + _int(row["char_end"])


def _fragments(text: str, start: int, end: int) -> str:
    """Offsets and text of a span; BRAT wants one fragment per line, so a span over line breaks is cut at them."""
    pieces, position = [], start
    for line in text[start:end].split("\n"):
        if line:
            pieces.append((position, position + len(line)))
        position += len(line) + 1
    offsets = ";".join(f"{low} {high}" for low, high in pieces)
    return f"{offsets}\t{' '.join(text[low:high] for low, high in pieces)}"


def _values(row: Row) -> dict[str, Value]:
    return {name: value for name, value in row.items() if value is not None and name not in _SKIPPED}


def _int(value: Value) -> int:
    return value if isinstance(value, int) else 0
