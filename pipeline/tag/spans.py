"""The one way in which finds travel on a spaCy `Doc`: span groups with their exact offsets beside them.

Place in the flow: every component writes through `write_finds`, `convert.py` reads through `read_finds`. A find may
cut through a token ("20mg" in "20mg/day)"): the spans of the group are widened to whole tokens for spaCy's sake, while
`attrs["finds"]` keeps the exact offsets and payloads as plain lists, so that a Doc survives pickling and `DocBin`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from spacy.tokens import Doc, SpanGroup

from pipeline.evidence import Dose, Label, Statistic
from pipeline.tag.found import Found

_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in (Dose, Statistic)}
_LABELS = {label.value: label for label in Label}


def text_of(doc: Doc) -> str:
    """`doc.text`, made once: spaCy joins the tokens anew each time it is asked."""
    text = doc.user_data.get("text")
    if text is None:
        text = doc.user_data["text"] = doc.text
    return str(text)


def write_finds(doc: Doc, key: str, finds: Iterable[Found], *, extractor: str) -> None:
    """Put finds into `doc.spans[key]`, replacing what was there."""
    spans, rows = [], []
    for find in sorted(finds, key=lambda one: (one.start, -one.end)):
        span = doc.char_span(find.start, find.end, label=find.label.value, alignment_mode="expand")
        if span is not None:
            spans.append(span)
        rows.append(
            [
                find.label.value,
                find.start,
                find.end,
                find.confidence,
                _as_dict(find.dose),
                _as_dict(find.statistic),
            ]
        )
    doc.spans[key] = SpanGroup(doc, name=key, spans=spans, attrs={"extractor": extractor, "finds": rows})


def read_finds(doc: Doc, key: str) -> tuple[str, list[Found]]:
    """The extractor's name and its finds, ("", []) if the group is absent."""
    if key not in doc.spans:
        return "", []
    attrs = doc.spans[key].attrs
    found = [
        Found(
            _LABELS[label],
            start,
            end,
            confidence,
            dose=Dose(**dose) if dose else None,
            statistic=Statistic(**statistic) if statistic else None,
        )
        for label, start, end, confidence, dose, statistic in attrs.get("finds", [])
    ]
    return str(attrs.get("extractor", "")), found


def _as_dict(payload: Dose | Statistic | None) -> dict[str, object] | None:
    """Flat copy of a payload; `dataclasses.asdict` deep-copies and costs ten times as much."""
    return {name: getattr(payload, name) for name in _FIELDS[type(payload)]} if payload else None


def write_ranges(doc: Doc, key: str, ranges: Iterable[tuple[int, int]]) -> None:
    """Put unlabelled ranges (sentences, scopes of negation) into `doc.spans[key]`."""
    rows = [[start, end] for start, end in ranges]
    spans = [doc.char_span(start, end, label=key, alignment_mode="expand") for start, end in rows]
    kept = [span for span in spans if span is not None]
    doc.spans[key] = SpanGroup(doc, name=key, spans=kept, attrs={"ranges": rows})


def read_ranges(doc: Doc, key: str) -> list[tuple[int, int]]:
    """The ranges written by `write_ranges`, [] if the group is absent."""
    return [(start, end) for start, end in doc.spans[key].attrs.get("ranges", [])] if key in doc.spans else []
