"""`evidence tag`: the mentions of one file as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.document import Passage
from pipeline.evidence import Annotated, Failure, Mention
from pipeline.safe import safe


@click.command(name="tag")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--model", default="default", show_default=True, help="Model name or folder; `none` for rules alone.")
@click.option("--label", "labels", multiple=True, help="Only mentions of this label; may be given again.")
def command(file: Path, model: str, labels: tuple[str, ...]) -> int:
    """Print the mentions of one file as JSON lines.

    One object per mention, in text order: where it stands (in its passage and, if a text, in the file), its label,
    concept and assertion, and the parsed numbers of doses and statistics.
    """
    from pipeline.read import read_documents
    from pipeline.tag import load_tagger

    documents = read_documents(file)
    tagger = load_tagger(model)
    wanted = frozenset(label.upper() for label in labels)
    failed = False
    for document in documents:
        if isinstance(document, Failure):
            failed = True
            click.echo(f"{safe(document.source)}: {safe(document.error)} {safe(document.what_to_do)}", err=True)
            continue
        for line in _lines(tagger.tag(document)):
            if not wanted or line["label"] in wanted:
                click.echo(json.dumps(line, ensure_ascii=False))
    return 2 if failed else 0


def _lines(annotated: Annotated) -> Iterator[dict[str, object]]:
    document = annotated.document
    passages = {passage.ordinal: passage for passage in document.passages}
    for mention in annotated.mentions:
        yield {"paper_id": document.paper_id, **_place(passages[mention.passage], mention), **_content(mention)}


def _place(passage: Passage, mention: Mention) -> dict[str, object]:
    source = passage.source_span(mention.start, mention.end)
    boxes = passage.boxes_of(mention.start, mention.end)
    return {
        "passage": mention.passage,
        "part": passage.part.value,
        "char_start": mention.start,
        "char_end": mention.end,
        "source_start": source[0] if source else None,
        "source_end": source[1] if source else None,
        "page": boxes[0].page if boxes else passage.page,
    }


def _content(mention: Mention) -> dict[str, object]:
    line: dict[str, object] = {
        "label": mention.label.value,
        "text": mention.text,
        "assertion": mention.assertion.value,
        "confidence": round(mention.confidence, 3),
    }
    if mention.concept is not None:
        line["concept_id"] = mention.concept.id
        line["preferred_name"] = mention.concept.name
    for name, payload in (("dose", mention.dose), ("statistic", mention.statistic)):
        if payload is not None:
            line[name] = {key: value for key, value in asdict(payload).items() if value is not None}
    return line
