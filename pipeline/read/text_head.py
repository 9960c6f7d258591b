"""The top of a plain-text paper: title, citation line, authors.

Place in the flow: `text.py` reads it before the flow of blocks.
"""

from __future__ import annotations

import re

from pipeline.document import Part
from pipeline.read import layout
from pipeline.read.citation_line import Citation, is_no_prose, parse_citation
from pipeline.read.headings import section_of
from pipeline.read.layout import Block, Kind
from pipeline.read.text_draft import Draft, add_blocks

_AUTHORS = re.compile(
    r"^(?:[A-Z][\w'’.-]+(?: [A-Za-z][\w'’.-]+)* [A-Z]{1,3}(?:\s?\(\d+\))*(?:, |[;.] ?|\s?$)){2,}|^[A-Z][\w'’-]+ "
    r"[A-Z]{1,3}(?:\(\d+\))*\.?$"
)


def read_head(draft: Draft, blocks: list[Block]) -> int:
    """Title, citation line, authors: the number of blocks they take."""
    index = 0
    while index < len(blocks):
        block = blocks[index]
        flat = " ".join(block.text.split())
        short = block.n_words <= 60 or ("PMID" in flat[-20:] and is_no_prose(flat))  # many authors make a long line
        citation = parse_citation(flat) if short and block.kind in {Kind.PROSE, Kind.FURNITURE} else None
        if citation:
            take_citation(draft, block, citation)
        elif block.kind is Kind.FURNITURE or (index and _is_byline(flat)):
            _take_byline(draft, block)
        elif draft.title is None and _is_title(blocks, index):
            passage = add_blocks(draft, [block], Part.TITLE)
            if passage:
                draft.title = passage.text
        else:
            break
        index += 1
    return index


def _is_title(blocks: list[Block], index: int) -> bool:
    block = blocks[index]
    line = " ".join(block.text.split())
    if block.kind not in {Kind.PROSE, Kind.HEADING} or block.n_words > 50 or len(blocks) <= index + 1:
        return False
    if block.kind is Kind.HEADING and (layout.OTHER_HEADING.match(line) or (section_of(line) and block.n_words <= 3)):
        return False
    return len(re.findall(r"[a-z]{3}[.?!]\s+[A-Z]", line)) <= 1 and len(block.lines) <= 5


def _is_byline(flat: str) -> bool:
    return bool(_AUTHORS.match(flat)) or flat.startswith(
        ("Author information:", "Collaborators:", "Erratum in", "Comment in")
    )


def take_citation(draft: Draft, block: Block, new: Citation) -> None:
    draft.citation = merge_citations(draft.citation, new)
    add_blocks(draft, [block], Part.METADATA)


def merge_citations(old: Citation, new: Citation) -> Citation:
    return Citation(
        old.journal or new.journal,
        old.year or new.year,
        old.doi or new.doi,
        old.pmid or new.pmid,
        old.pmcid or new.pmcid,
    )


def _take_byline(draft: Draft, block: Block) -> None:
    flat = " ".join(block.text.split())
    if _AUTHORS.match(flat) and not draft.authors:
        names = [re.sub(r"\s*\(\d+\)", "", name).strip(" .") for name in re.split(r"[,;]", flat)]
        draft.authors = tuple(name.rsplit(" ", 1)[0] for name in names if " " in name)
    add_blocks(draft, [block], Part.METADATA)
