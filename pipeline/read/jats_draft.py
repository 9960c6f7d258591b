"""Passages of a JATS article in the making.

Place in the flow: `jats.py` walks the article and adds its elements here, one passage each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.document import CitationMark, Part, Passage, ReadNote, Section
from pipeline.read.chars import Chars
from pipeline.read.headings import abstract_labels, section_of
from pipeline.read.language import language_of
from pipeline.read.xml_text import flow
from pipeline.read.xml_tree import Node


@dataclass(slots=True)
class Draft:
    """What is read so far of one article."""

    keys: Mapping[str, str]
    passages: list[Passage] = field(default_factory=list)
    notes: list[ReadNote] = field(default_factory=list)
    section: Section | None = None
    heading: str | None = None
    part: Part = Part.BODY
    language: str = "en"
    dropped: int = 0
    supplements: list[str] = field(default_factory=list)


def add_node(draft: Draft, node: Node, part: Part, *, separator_after_label: bool = False) -> None:
    chars, marks = flow(node.pieces, node.index, draft.keys)
    if part is Part.ABSTRACT and (labels := abstract_labels(chars.text)):
        _add_labelled(draft, chars, labels, marks, node)
        return
    add_passage(draft, chars, part, marks, node)


def _add_labelled(
    draft: Draft, chars: Chars, labels: list[tuple[int, int, str]], marks: tuple[CitationMark, ...], node: Node
) -> None:
    outer = draft.section, draft.heading
    if labels[0][0] > 0:
        add_passage(draft, chars.slice(0, labels[0][0]), draft.part, (), node)
    ends = [start for start, _, _ in labels[1:]] + [len(chars)]
    for (_, start, label), end in zip(labels, ends, strict=True):
        draft.section, draft.heading = section_of(label) or outer[0], label
        draft.dropped += len(label.replace(" ", "")) + 1
        inside = tuple(
            CitationMark(mark.position - start, mark.keys) for mark in marks if start <= mark.position <= end
        )
        add_passage(draft, chars.slice(start, end), draft.part, inside, node)
    draft.section, draft.heading = outer


def add_passage(
    draft: Draft,
    chars: Chars,
    part: Part,
    marks: tuple[CitationMark, ...] = (),
    node: Node | None = None,
    *,
    strip: bool = True,
) -> Passage | None:
    text = chars.text
    if not text or text.isspace():
        return None
    lead = len(text) - len(text.lstrip()) if strip and text[0].isspace() else 0
    chars = chars.strip() if strip else chars
    in_text = part is Part.BODY or part is Part.ABSTRACT
    passage = Passage(
        ordinal=len(draft.passages),
        part=part,
        text=chars.text,
        section=draft.section if in_text else None,
        heading=draft.heading if in_text or part is Part.OTHER else None,
        language=language_of(chars.text, draft.language),
        source_map=chars.source_map(),
        citations=tuple(CitationMark(max(0, mark.position - lead), mark.keys) for mark in marks) if lead else marks,
        xpath=node.xpath() if node is not None else None,
    )
    draft.passages.append(passage)
    return passage
