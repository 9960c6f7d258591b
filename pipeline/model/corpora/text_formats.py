"""Readers for corpora distributed as running text with offsets: PubTator, BRAT, ChemProt tables, PHEE, ADE."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.model.corpora.labelled import Gold, Labelled, outermost

_PUBTATOR_TEXT = re.compile(r"^(\S+)\|([ta])\|(.*)$")


def read_pubtator(path: Path, *, head: str, labels: dict[str, str]) -> Iterator[Labelled]:
    """PubTator: `id|t|title`, `id|a|abstract`, then tab-separated mentions. Relations are ignored.

    Args:
        path: the file.
        head: name of the annotation guideline.
        labels: the corpus' type → our label; types that are absent are dropped.
    """
    titles: dict[str, str] = {}
    texts: dict[str, str] = {}
    spans: dict[str, list[Gold]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _PUBTATOR_TEXT.match(line)
        if match and match[2] == "t":
            titles[match[1]] = match[3]
            texts[match[1]] = match[3]
        elif match:
            texts[match[1]] = titles.get(match[1], "") + " " + match[3]
        else:
            cells = line.split("\t")
            if len(cells) >= 5 and cells[1].isdigit() and cells[4] in labels:
                spans[cells[0]].append((int(cells[1]), int(cells[2]), labels[cells[4]]))
    for doc_id, text in texts.items():
        yield Labelled(doc_id, text, {head: tuple(sorted(set(spans[doc_id])))})


def read_chemprot(abstracts: Path, entities: Path, *, head: str) -> Iterator[Labelled]:
    """ChemProt and DrugProt: one table of abstracts, one of entities; both gene types become GENE."""
    spans: dict[str, list[Gold]] = defaultdict(list)
    for line in entities.read_text(encoding="utf-8").splitlines():
        doc_id, _, kind, start, end, _ = line.split("\t")
        spans[doc_id].append((int(start), int(end), "CHEMICAL" if kind == "CHEMICAL" else "GENE"))
    for line in abstracts.read_text(encoding="utf-8").splitlines():
        doc_id, title, abstract = line.split("\t")
        yield Labelled(doc_id, f"{title}\t{abstract}", {head: tuple(sorted(set(spans[doc_id])))})


def read_brat(folder: Path, *, head: str, labels: dict[str, str] | None = None) -> Iterator[Labelled]:
    """BRAT standoff: `x.txt` beside `x.ann`; text-bound annotations only, discontinuous ones by their outer bounds.

    Args:
        folder: where the pairs lie.
        head: name of the annotation guideline.
        labels: the corpus' type → our label; None keeps all types as they are.
    """
    for ann in sorted(folder.glob("*.ann")):
        with ann.with_suffix(".txt").open(encoding="utf-8", newline="") as handle:
            text = handle.read()
        spans: set[Gold] = set()
        for line in ann.read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if not line.startswith("T") or len(cells) < 2:
                continue
            kind, *numbers = re.split(r"[ ;]", cells[1])
            label = kind if labels is None else labels.get(kind)
            if label is not None:
                spans.add((int(numbers[0]), int(numbers[-1]), label))
        yield Labelled(ann.stem, text, {head: tuple(sorted(spans))})


_HEADING = re.compile(r"(?m)^\s*([A-Z][A-Z /,&()\-]{3,60}?)\s?:")
ANNOTATED = re.compile(
    r"RESULT|FINDING|CONCLUSION|INTERPRETATION|DISCUSSION|SIGNIFICANCE|UNASSIGNED|UNLABELLED|LIMITATION"
)


def read_evidence_outcomes(folder: Path) -> Iterator[Labelled]:
    """EvidenceOutcomes (BRAT): of abstracts with headings only results and conclusions, which alone were annotated.

    Fragments and other spans inside a longer one are left out, as in the corpus' flat (CoNLL) edition.
    """
    for text in read_brat(folder, head="outcomes", labels={"Outcome": "OUTCOME"}):
        marks = [(m.start(1), m[1]) for m in _HEADING.finditer(text.text)]
        gold, _ = outermost(list(text.gold["outcomes"]))
        if not any(ANNOTATED.search(heading) for _, heading in marks):
            yield Labelled(text.doc_id, text.text, {"outcomes": tuple(gold)})
            continue
        ends = [start for start, _ in marks[1:]] + [len(text.text)]
        parts: list[str] = []
        kept: list[Gold] = []
        at = 0
        for (start, heading), end in zip(marks, ends, strict=True):
            inside = [g for g in gold if start <= g[0] and g[1] <= end]
            if ANNOTATED.search(heading) or inside:
                kept += [(a - start + at, b - start + at, label) for a, b, label in inside]
                parts.append(text.text[start:end])
                at += end - start
        yield Labelled(text.doc_id, "".join(parts), {"outcomes": tuple(kept)})


SECTION = re.compile(r"(?m)^ABSTRACT\.(?:ABSTRACT\.)?([A-Z][A-Z /&]*):*[ ]*$")


def read_trials(path: Path) -> Iterator[Labelled]:
    """Texts of Evidence Inference (JSON lines, `pmcid` and `text`, also `.gz`): results and conclusions of abstracts.

    Nothing is labelled in them; they are the texts a teacher labels (see `recipe.GUESSED`).
    """
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            abstract = record["text"].partition("\nBODY.")[0]
            marks = list(SECTION.finditer(abstract))
            ends = [*(mark.start() for mark in marks[1:]), len(abstract)]
            parts = [
                f"{mark[1]} : {abstract[mark.end() : end].strip()}\n"
                for mark, end in zip(marks, ends[: len(marks)], strict=True)
                if ANNOTATED.search(mark[1])
            ]
            if parts:
                yield Labelled(str(record["pmcid"]), "".join(parts))


_PHEE_PARTS = {
    "Drug": "DRUG",
    "Dosage": "DOSAGE",
    "Route": "ROUTE",
    "Freq": "FREQUENCY",
    "Duration": "DURATION",
    "Time_elapsed": "TIME_ELAPSED",
    "Disorder": "DISORDER",
    "Effect": "EFFECT",
    "Age": "AGE",
    "Gender": "GENDER",
    "Race": "RACE",
    "Population": "POPULATION",
}


def _phee_spans(node: dict[str, Any], found: dict[str, set[Gold]]) -> None:
    for name, value in node.items():
        if not isinstance(value, dict):
            continue
        label = _PHEE_PARTS.get(name)
        head = "phee" if label else "phee_subject" if name == "Subject" else None
        if head and "text" in value:
            for texts, starts in zip(value["text"], value["start"], strict=True):
                for text, start in zip(texts, starts, strict=True):
                    found[head].add((start, start + len(text), label or "SUBJECT"))
        _phee_spans(value, found)


def read_phee(path: Path) -> Iterator[Labelled]:
    """PHEE 2: one JSON object per line. Head `phee` holds arguments, `phee_subject` the phrase around some of them."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        record = json.loads(line)
        found: dict[str, set[Gold]] = {"phee": set(), "phee_subject": set()}
        for annotation in record["annotations"]:
            for event in annotation["events"]:
                _phee_spans(event, found)
        yield Labelled(record["id"], record["context"], {head: tuple(sorted(spans)) for head, spans in found.items()})


def read_ade_doses(path: Path) -> Iterator[Labelled]:
    """ADE `DRUG-DOSE.rel`: `pmid|sentence|dose|start|end|drug|start|end`; rows of one sentence are joined.

    The offsets count from the start of the whole abstract, which is not in the file. Only their difference is used: of
    all occurrences of the two strings in the sentence, the pair at the stated distance is taken.
    The head `ade_pair` keeps each pair as two spans, dose first, so that pairs can be scored.
    """
    rows: dict[tuple[str, str], list[tuple[str, str, int]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("|")
        if len(cells) == 8:
            rows[cells[0], cells[1]].append((cells[2], cells[5], int(cells[6]) - int(cells[3])))
    for number, ((pmid, sentence), pairs) in enumerate(rows.items()):
        spans: set[Gold] = set()
        linked: list[Gold] = []
        for dose, drug, distance in pairs:
            at = _place(sentence, dose, drug, distance)
            if at is not None:
                two = ((at[0], at[0] + len(dose), "DOSE"), (at[1], at[1] + len(drug), "DRUG"))
                spans.update(two)
                linked.extend(two)
        yield Labelled(f"{pmid}.{number}", sentence, {"ade": tuple(sorted(spans)), "ade_pair": tuple(linked)})


def _occurrences(text: str, part: str) -> Iterable[int]:
    return (m.start() for m in re.finditer(re.escape(part), text))


def _place(sentence: str, dose: str, drug: str, distance: int) -> tuple[int, int] | None:
    pairs = [(a, b) for a in _occurrences(sentence, dose) for b in _occurrences(sentence, drug)]
    return min(pairs, key=lambda p: (abs(p[1] - p[0] - distance), p), default=None)
