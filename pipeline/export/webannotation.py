"""Mentions and quotes as W3C Web Annotations (W3C Recommendation, 23 February 2017): one JSON-LD collection per paper.

Each annotation selects its text twice: by the exact words with what stands before and after (TextQuoteSelector) and by
position in the passage (TextPositionSelector). The target is the passage, whose text the same file carries.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent

from pipeline.export.names import file_stem
from pipeline.export.selection import Row, Selection
from pipeline.store import Store

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32  # characters of prefix and suffix, as annotation tools commonly keep


def write(store: Store, selection: Selection, folder: Path) -> list[Path]:
    """`<paper>.jsonld` for every paper."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for row in selection.rows(store, "passages"):
        texts[str(row["paper_id"])][str(row["passage_id"])] = str(row["text"])
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in selection.rows(store, "mentions"):
        paper = str(row["paper_id"])
        found[paper].append(_annotation(str(row["mention_id"]), row, texts[paper], "tagging", list(_tags(row))))
    for row in selection.quoted(store):
        paper = str(row["paper_id"])
        found[paper].append(_annotation(str(row["row_id"]), row, texts[paper], "describing", [_describing(row)]))
    return [_write(folder, paper, texts[paper], annotations) for paper, annotations in found.items()]


def _write(folder: Path, paper: str, texts: dict[str, str], annotations: list[dict[str, Any]]) -> Path:
    path = folder / f"{file_stem(paper)}.jsonld"
    page = {
        "@context": _CONTEXT,
        "id": f"urn:evidence:{percent(paper)}",
        "type": "AnnotationCollection",
        "label": paper,
        "total": len(annotations),
        "first": {"type": "AnnotationPage", "startIndex": 0, "items": annotations},
        "evidence:passages": texts,
    }
    path.write_text(json.dumps(page, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _annotation(
    key: str, row: Row, texts: dict[str, str], motivation: str, bodies: list[dict[str, Any]]
) -> dict[str, Any]:
    passage, start, end = str(row["passage_id"]), row["char_start"], row["char_end"]
    if not (isinstance(start, int) and isinstance(end, int)):
        raise TypeError("Offsets are never NULL.")
    text = texts[passage]
    return {
        "id": f"urn:evidence:{percent(key)}",
        "type": "Annotation",
        "motivation": motivation,
        "body": bodies,
        "target": {
            "source": f"urn:evidence:{percent(passage)}",
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": text[start:end],
                    "prefix": text[max(0, start - _AROUND) : start],
                    "suffix": text[end : end + _AROUND],
                },
                {"type": "TextPositionSelector", "start": start, "end": end},
            ],
        },
    }


def _tags(mention: Row) -> Iterator[dict[str, Any]]:
    yield {"type": "TextualBody", "purpose": "tagging", "value": mention["label"]}
    if mention["concept_id"]:
        yield {
            "type": "SpecificResource",
            "purpose": "identifying",
            "source": f"urn:curie:{percent(str(mention['concept_id']))}",
        }


def _describing(row: Row) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if value is not None and name not in ("quote", "bbox")}
    return {"type": "TextualBody", "format": "application/json", "value": json.dumps(values, ensure_ascii=False)}
