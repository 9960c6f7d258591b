"""Readers for corpora distributed as tokens: IOB columns, C-TrO export tables, spaCy DocBins."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.tokens import DocBin

from pipeline.model.corpora.ctro_labels import CTRO_GROUPS, CTRO_HEADS, CTRO_SLOTS
from pipeline.model.corpora.labelled import Gold, Labelled, from_words, outermost, spans_of_tags

_BLOCK = 10
"""Sentences taken together where a corpus does not mark its documents (NCBI-disease IOB)."""


def _blocks(path: Path) -> Iterator[tuple[str | None, list[list[str]]]]:
    """(document id or None, rows of one sentence)."""
    doc_id: str | None = None
    rows: list[list[str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("-DOCSTART-"):
            match = re.search(r"\((.+)\)", line)
            doc_id = match[1] if match else f"{'' if doc_id is None else doc_id}+"
        elif line.strip():
            row = line.split("\t") if "\t" in line else line.split(" ")
            if row[0].strip():
                rows.append(row)
        elif rows:
            yield doc_id, rows
            rows = []


def read_iob(path: Path, *, head: str, labels: dict[str, str] | None = None, begins: bool = True) -> Iterator[Labelled]:
    """Columns (word first, tag last), blank line between sentences, optional `-DOCSTART-` lines.

    Args:
        path: the file.
        head: name of the annotation guideline.
        labels: the corpus' type → our label; None keeps all.
        begins: False if the tag set has no `B-` tags.
    """
    grouped: dict[str, list[list[list[str]]]] = defaultdict(list)
    for number, (doc_id, rows) in enumerate(_blocks(path)):
        grouped[doc_id if doc_id is not None else f"block{number // _BLOCK}"].append(rows)
    for doc_id, sentences in grouped.items():
        words: list[str] = []
        spans: list[Gold] = []
        for rows in sentences:
            for a, b, kind in spans_of_tags([row[-1] for row in rows], begin_required=begins):
                label = kind if labels is None else labels.get(kind)
                if label:
                    spans.append((len(words) + a, len(words) + b, label))
            words += [row[0] for row in rows]
        yield from_words(doc_id, words, {head: spans})


def read_ctro(folder: Path) -> Iterator[Labelled]:
    """C-TrO: `x_export.csv` holds the tokens, `x_admin.annodb` the annotations (offsets in the space-joined tokens).

    Classes of the ontology become the group they fill a slot for (`Timolol` → `Drug`), literal classes stay.
    Descriptions, which contain other entities, are heads of their own (`ctro_long`, `ctro_population`); of the others
    the outermost are `ctro`, what lies inside one of them ("timolol" in "dorzolamide / timolol") is `ctro_inner`.
    """
    for table in sorted(folder.glob("*_export.csv")):
        name = table.name.removesuffix("_export.csv")
        words, starts = _ctro_words(table)
        ends = {start + len(word): i + 1 for i, (start, word) in enumerate(zip(starts, words, strict=True))}
        begins = {start: i for i, start in enumerate(starts)}
        spans: dict[str, list[Gold]] = {"ctro": [], "ctro_inner": [], "ctro_long": [], "ctro_population": []}
        annotations = sorted(folder.glob(f"{name}_*.annodb"))
        for line in annotations[0].read_text(encoding="utf-8").splitlines() if annotations else []:
            cells = line.split(", ", 4)
            if line.startswith("#") or len(cells) < 5:
                continue
            a, b = begins.get(int(cells[2])), ends.get(int(cells[3]))
            if a is not None and b is not None and a < b:
                label = _ctro_label(cells[1], cells[4])
                spans[CTRO_HEADS.get(label, "ctro")].append((a, b, label))
        spans["ctro"], spans["ctro_inner"] = outermost(spans["ctro"])
        yield from_words(name, words, {head: sorted(set(found)) for head, found in spans.items()})


def _ctro_label(kind: str, statement: str) -> str:
    """Group of a class: by the table, else by the slot the annotation says it fills, else the class itself."""
    if kind in CTRO_GROUPS:
        return CTRO_GROUPS[kind]
    slot = re.search(rf"data#(\w+)> <http://ctro/data#{re.escape(kind)}>", statement)
    return CTRO_SLOTS.get(slot[1], kind) if slot else kind


def _ctro_words(table: Path) -> tuple[list[str], list[int]]:
    words: list[str] = []
    starts: list[int] = []
    with table.open(encoding="utf-8", newline="") as handle:
        for row in csv.reader(handle, skipinitialspace=True):
            if len(row) >= 9 and not row[0].startswith("#"):
                words.append(",".join(row[8:]) or '"')
                starts.append(int(row[6]))
    return words, starts


def read_docbin(path: Path, *, head: str) -> Iterator[Labelled]:
    """spaCy `DocBin`; the entities are the gold."""
    vocab = spacy.blank("en").vocab
    for number, doc in enumerate(DocBin().from_disk(path).get_docs(vocab)):
        words = [token.text for token in doc]
        yield from_words(f"{path.stem}.{number}", words, {head: [(e.start, e.end, e.label_) for e in doc.ents]})
