"""Ordered blocks → paragraphs with their part, section and heading.

Place in the flow: after `pdf_layout` and `pdf_floats`; `pdf.py` turns the drafts into passages. A small state machine
walks from the front matter over abstract and body to the back matter and the references; floats break no paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.document import Part, Section
from pipeline.read.headings import section_of
from pipeline.read.pdf_headings import (
    ABSTRACT,
    BACK,
    BOX,
    EARLY,
    KEYWORDS,
    LATE,
    MAIN,
    REF_ENTRY,
    REFERENCES,
    is_metadata,
)
from pipeline.read.pdf_layout import Block, BodyStyle, Line
from pipeline.read.pdf_units import continues, is_heading, look_of, split_units


@dataclass(slots=True)
class Draft:
    """One paragraph in the making."""

    part: Part
    lines: list[Line]
    section: Section | None = None
    heading: str | None = None
    extra: object = None  # the table area of a table


@dataclass(slots=True)
class FlowState:
    """Where the walk stands."""

    style: BodyStyle
    state: str = "front"  # front, abstract, body, box, back, references
    section: Section | None = None
    heading: str | None = None
    abstract_style: tuple[str, float] | None = None
    drafts: list[Draft] = field(default_factory=list)
    waiting: list[Draft] = field(default_factory=list)  # floats that wait for the paragraph's end
    open: Draft | None = None
    seen_intro: bool = False
    main_styles: set[tuple[str, float, bool]] = field(default_factory=set)
    title: list[Line] = field(default_factory=list)
    has_abstract_heading: bool = False
    ref_style: tuple[str, float] | None = None
    metadata_block: Block | None = None
    front_box: float | None = None  # left edge of a summary box among the front matter
    late: bool = False  # past the discussion's heading
    box_look: tuple[str, float, bool] | None = None
    before_box: tuple[Section | None, str | None] = (None, None)
    list_start: Sequence[Line] = ()  # heading and first entry of the reference list, or the latter alone


_KINDS = {
    "caption": Part.CAPTION,
    "table": Part.TABLE,
    "notes": Part.FOOTNOTE,
    "foot": Part.METADATA,
    "meta": Part.METADATA,
}


def walk(
    pages: list[list[Block]], style: BodyStyle, *, title: list[Line], has_intro: bool, list_start: Sequence[Line]
) -> list[Draft]:
    """Paragraph drafts of all pages in reading order."""
    flow = FlowState(style, title=title, list_start=list_start)
    flow.main_styles = _main_styles(pages, style)
    flow.has_abstract_heading = any(
        ABSTRACT.match(line.text) for blocks in pages[:3] for b in blocks for line in b.lines
    )
    flow.seen_intro = not has_intro
    for blocks in pages:
        for block in blocks:
            starts_list = flow.state != "references" and any(_is_one_of(line, list_start) for line in block.lines)
            if block.kind in _KINDS and not (starts_list and block.kind == "foot"):
                part = _KINDS[block.kind]
                placed = (flow.section, flow.heading) if part is not Part.METADATA else (None, None)
                flow.waiting.append(Draft(part, block.lines, *placed, block.extra))
            elif block.kind != "figure":
                for unit in split_units(block, style):
                    _take(flow, unit, block)
    _close(flow)
    return flow.drafts


def _is_one_of(line: Line, lines: Sequence[Line]) -> bool:
    return any(line is other for other in lines)


def _main_styles(pages: list[list[Block]], style: BodyStyle) -> set[tuple[str, float, bool]]:
    found = Counter[tuple[str, float, bool]]()
    for blocks in pages:
        for block in blocks:
            for unit in split_units(block, style):
                if len(unit) == 1 and MAIN.match(unit[0].text.strip()):
                    found[look_of(unit[0])] += 1
    return {look for look, count in found.items() if count >= 2} or set(found)


def _take(flow: FlowState, unit: list[Line], block: Block) -> None:
    if any(line is head for line in unit for head in flow.title):
        _close(flow)
        rest = [line for line in unit if not any(line is head for head in flow.title)]
        if rest:
            flow.drafts.append(Draft(Part.METADATA, rest))
        flow.drafts.append(Draft(Part.TITLE, [line for line in unit if any(line is head for head in flow.title)]))
        return
    text = " ".join(line.text for line in unit).strip()
    if is_heading(unit, flow.style) and _take_heading(flow, unit, text):
        return
    if flow.state in {"front", "abstract"}:
        _take_front(flow, unit, text, block)
    elif flow.state == "references":
        _take_reference(flow, unit, text)
    elif any(_is_one_of(line, flow.list_start) for line in unit):
        _close(flow)
        flow.state = "references"
        _take_reference(flow, unit, text)
    elif (
        flow.state == "box"
        and flow.style.holds(unit[-1])
        and len(unit) > 1
        and flow.box_look not in {None, look_of(unit[-1])}
    ):
        flow.state, flow.section, flow.heading = "body", flow.before_box[0], flow.before_box[1]
        _take_text(flow, unit)
    else:
        if flow.state == "box" and flow.box_look is None:
            flow.box_look = look_of(unit[-1])
        _take_text(flow, unit)


def _take_heading(flow: FlowState, unit: list[Line], text: str) -> bool:
    """Change the state; False if the unit is no heading after all."""
    plain = text.strip(" :.")
    if REFERENCES.match(plain):
        _close(flow)
        flow.state, flow.section, flow.heading, flow.ref_style = "references", None, None, None
        return True
    if flow.state in {"front", "abstract"}:
        return _front_heading(flow, unit, text)
    _close(flow)
    if BOX.match(plain):
        if flow.state != "box":
            flow.before_box = (flow.section, flow.heading)
        flow.box_look = None
        flow.state, flow.heading, flow.section = "box", plain, None
        return True
    if BACK.match(plain) and (flow.late or not EARLY.match(plain)):
        flow.state, flow.section, flow.heading = "back", None, plain
        return True
    main = MAIN.match(plain) is not None or look_of(unit[0]) in flow.main_styles
    if flow.state == "references" and not main:
        return False
    if flow.state in {"back", "box"} and not main and (flow.late or flow.state == "box"):
        flow.heading = plain
        return True
    flow.state = "body"
    flow.late = flow.late or LATE.match(plain) is not None
    if main or flow.section is None:
        flow.section = section_of(plain) or flow.section
    flow.heading = plain
    return True


def _front_heading(flow: FlowState, unit: list[Line], text: str) -> bool:
    plain = text.strip(" :.")
    if ABSTRACT.match(text):
        if flow.state == "front":
            _close(flow)
        flow.state = "abstract"
        return True
    if BOX.match(plain):
        _close(flow)
        flow.front_box = unit[0].x0
        return True
    if flow.state == "abstract" and flow.abstract_style is None and section_of(plain):
        _close(flow)
        flow.heading, flow.section = plain, section_of(plain)
        return True
    bare = re.sub(r"^\d+\.?\s*", "", plain).lower()
    if bare.startswith(("introduction", "background")) and MAIN.match(plain):
        numbered = plain[:1].isdigit()
        if flow.state == "front" and flow.has_abstract_heading and not numbered and bare.startswith("background"):
            return False
        if flow.state == "abstract" and not numbered and _same_look(flow, unit):
            flow.heading, flow.section = plain, Section.BACKGROUND
            _close(flow)
            return True
        _enter_body(flow, plain)
        return True
    if flow.state == "abstract" and section_of(plain):
        _close(flow)
        if (
            MAIN.match(plain)
            and look_of(unit[0]) in flow.main_styles
            and not bare.startswith(("background", "objective"))
            and flow.abstract_style
            and flow.drafts
            and flow.section is Section.CONCLUSION
        ):
            _enter_body(flow, plain)
            return True
        flow.heading, flow.section = plain, section_of(plain)
        return True
    seen = not flow.has_abstract_heading or any(d.part is Part.ABSTRACT for d in flow.drafts)
    if flow.state == "front" and MAIN.match(plain) and seen:
        _enter_body(flow, plain)
        return True
    return False


def _same_look(flow: FlowState, unit: list[Line]) -> bool:
    return flow.abstract_style is None or look_of(unit[0]) not in flow.main_styles


def _enter_body(flow: FlowState, heading: str | None) -> None:
    _close(flow)
    flow.state, flow.seen_intro = "body", True
    flow.heading = heading
    flow.section = (section_of(heading) if heading else None) or Section.BACKGROUND


def _take_front(flow: FlowState, unit: list[Line], text: str, block: Block) -> None:
    if flow.front_box is not None and abs(unit[0].x0 - flow.front_box) < 15:
        flow.waiting.append(Draft(Part.OTHER, unit))
        return
    look = (unit[-1].font, round(unit[-1].size, 1))
    n_words = sum(len(line.words) for line in unit)
    keywords = KEYWORDS.match(text)
    if keywords and len(text) > keywords.end():
        _close(flow)
        flow.drafts.append(Draft(Part.INDEX_TERMS, unit))
        if flow.state == "abstract":
            flow.state, flow.heading, flow.section = "front", None, None
        return
    in_abstract = flow.state == "abstract" and look == flow.abstract_style
    if (is_metadata(text) and not in_abstract) or flow.metadata_block is block:
        flow.metadata_block = block if len(block.lines) < 12 else None
        _close(flow)
        flow.drafts.append(Draft(Part.METADATA, unit))
        return
    if flow.state == "abstract":
        if flow.abstract_style is None and n_words >= 5:
            flow.abstract_style = look
        known = flow.abstract_style or look
        if flow.style.holds(unit[-1]) and known[1] != look[1] and n_words > 25:
            _enter_body(flow, None)
            _take_text(flow, unit)
            return
        _take_text(flow, unit, Part.ABSTRACT)
        return
    abstract_seen = any(draft.part is Part.ABSTRACT for draft in flow.drafts)
    prose = len(unit) >= 3 and n_words >= 30 and block.x1 - block.x0 > 0.6 * flow.style.width
    past_title = not flow.title or any(draft.part is Part.TITLE for draft in flow.drafts)
    if prose and past_title:
        if flow.style.holds(unit[1]) and (abstract_seen or flow.seen_intro):
            _enter_body(flow, None)
            _take_text(flow, unit)
            return
        if not flow.has_abstract_heading and n_words >= 40:
            flow.state = "abstract"
            flow.abstract_style = look
            _take_text(flow, unit, Part.ABSTRACT)
            return
    _close(flow)
    flow.drafts.append(Draft(Part.METADATA, unit))


def _take_reference(flow: FlowState, unit: list[Line], text: str) -> None:
    look = (unit[-1].font, round(unit[-1].size, 1))
    if flow.ref_style is None:
        flow.ref_style = look
    n_words = sum(len(line.words) for line in unit)
    if look[1] != flow.ref_style[1] and flow.style.holds(unit[-1]) and n_words > 25 and not REF_ENTRY.match(text):
        _close(flow)
        flow.state = "body"  # the list stood in the middle: a column of text goes on
        _take_text(flow, unit)
        return
    flow.drafts.append(Draft(Part.REFERENCES, unit))


def _take_text(flow: FlowState, unit: list[Line], part: Part | None = None) -> None:
    parts = {"back": Part.METADATA, "box": Part.OTHER, "body": Part.BODY}
    part = part or parts.get(flow.state, Part.BODY)
    current = flow.open
    if (
        current is not None
        and current.part is part
        and current.heading == flow.heading
        and continues(current.lines, unit)
    ):
        current.lines = [*current.lines, *unit]
        return
    if current is None or current.part is not part:
        same = _previous_open(flow, part)
        if same is not None and same.heading == flow.heading and continues(same.lines, unit):
            same.lines = [*same.lines, *unit]
            return
    _close(flow)
    flow.open = Draft(part, unit, flow.section, flow.heading)


def _previous_open(flow: FlowState, part: Part) -> Draft | None:
    """The last paragraph of this part, if only metadata came after it."""
    for draft in reversed(flow.drafts[-6:]):
        if draft.part is part:
            return draft
        if draft.part not in {Part.METADATA, Part.CAPTION, Part.TABLE, Part.FOOTNOTE}:
            return None
    return None


def _close(flow: FlowState) -> None:
    if flow.open is not None:
        flow.drafts.append(flow.open)
        flow.open = None
    flow.drafts.extend(flow.waiting)
    flow.waiting = []
