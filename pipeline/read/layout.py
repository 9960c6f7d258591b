"""Blocks of a plain-text paper: what each run of lines is.

Place in the flow: `text.py` orders the blocks that `find_blocks` recognises. A block is never split or altered here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from statistics import median

from pipeline.read.headings import section_of


class Kind(Enum):
    """What a block is."""

    PROSE = auto()
    HEADING = auto()
    CAPTION_LABEL = auto()  # "Table 2", alone on its line
    CAPTION = auto()
    TABLE = auto()
    FOOTNOTE = auto()
    LIST = auto()  # bulleted lines
    FURNITURE = auto()  # running heads, footers, page numbers
    RUNNING_TITLE = auto()
    ROTATED = auto()  # a rotated label, one or two letters a line


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines, as a range of the source."""

    start: int
    end: int
    text: str
    kind: Kind = Kind.PROSE

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def n_words(self) -> int:
        return len(self.text.split())


_LINE = re.compile(r"[^\r\n\f]*(?:\r\n|[\r\n\f]|$)")
CAPTION = re.compile(
    r"(?P<kind>Supplementa\w* Table|Table|TABLE|Tabla|Tabela|Figure|FIGURE|Fig\.?|FIG\.?|Figura|Box|Scheme|Chart)\s?"
    r"(?P<number>S?\d{1,2}(?:\s?-?[a-zA-Z])?|[IVX]{1,4})(?P<stop>\s*[.:|–—-])?(?=\s|$)"
)
_REFERS = re.compile(
    r"\s*(?:\)|,|;|shows?|lists?|presents?|gives?|summari[sz]es|describes?|and|in|is|are|depicts?|compares?"
    r"|illustrates?|provides?|displays?|contains?|reports?|demonstrates?)"
)
_FURNITURE = re.compile(
    r"\.indd\b|\bPage \d+ of \d+\b|^\s*\d{1,4}\s*$|Downloaded from|All rights reserved|^\s*(?:https?://|www\.)\S+\s*$"
    r"|\d{4}\s?[;,]\s?\d+\s?(?:\(\d+\))?\s?:\s?e?\d+|^\s*doi:?\s*10\.\d+\S*\s*$|©|^\s*Copyright\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r"(?:^|[;,.]\s?)\s*\*?[A-Z][A-Za-z0-9-]{1,11}s?\s?[–:=,-]\s?[A-Za-z]")
_NOTE = re.compile(
    r"\s*(?:Abbreviations?\b|Notes?\b[:.]|NOTE|Data (?:are|is)|Values (?:are|in)|\*|†|‡|§|[a-f]\s?[A-Z])"
)
_BULLET = re.compile(r"\s*[•·▪*‣◦]\s+\S")


def find_blocks(text: str) -> list[Block]:
    """The blocks of the text in source order, classified."""
    raw = list(_split(text))
    width = _column_width(raw)
    blocks = [replace(block, kind=_first_look(block)) for block in _merge_rotated(raw)]
    blocks = _mark_furniture(blocks)
    return _mark_floats(blocks, width)


def _split(text: str) -> Iterator[Block]:
    lines = [(m.start(), m.start() + len(m[0].rstrip("\r\n\f")), m[0]) for m in _LINE.finditer(text) if m[0]]
    indented_body = median([line.startswith((" ", "\t")) for _, _, line in lines if line.strip()] or [False])
    group: list[tuple[int, int]] = []
    alone = False
    for start, end, line in lines:
        bare = line.strip()
        previous = text[group[-1][0] : group[-1][1]] if group else ""
        single = bool(bare) and (_is_caption_label(bare) or _is_inner_heading(bare, previous))
        indents = not indented_body and line[:1] in " \t" and previous[:1] not in {" ", "\t"}
        bullets = bool(_BULLET.match(line)) != bool(_BULLET.match(previous)) if previous else False
        if group and (not bare or single or alone or indents or bullets):
            yield _block(text, group)
            group = []
        if bare:
            group.append((start, end))
        alone = single
    if group:
        yield _block(text, group)


def _block(text: str, group: list[tuple[int, int]]) -> Block:
    start, end = group[0][0], group[-1][1]
    return Block(start, end, text[start:end])


def _is_caption_label(line: str) -> bool:
    match = CAPTION.match(line)
    return match is not None and match.end() == len(line)


def is_heading(line: str) -> bool:
    """Whether a line that stands alone reads as a heading."""
    words = line.split()
    if not words or len(words) > 10 or line[-1] in ".,;" or not any(c.isalpha() for c in line):
        return False
    if OTHER_HEADING.match(line):
        return True
    letters = [c for c in line if c.isalpha()]
    known = section_of(line) is not None and (line[0].isupper() or line[0].isdigit()) and len(words) <= 6
    return known or (len(letters) >= 4 and line.upper() == line and len(words) <= 8 and not re.search(r"\d{2}", line))


OTHER_HEADING = re.compile(
    r"\W*(?:\d+\.?\s)?(?P<name>abstract|references|bibliography|literature cited|acknowledge?ments?|fundings?"
    r"|grants?(?: support)?|key ?words"
    r"|index terms|mesh terms|publication types?|substances|competing interests?|conflicts? of interests?(?: "
    r"statement)?|disclosures?|supplementa\w+(?: \w+)?"
    r"|author contributions?|data availability(?: statement)?|appendix|abbreviations|authors?|affiliations?"
    r"|correspondence"
    r"|resumo|resumen|résumé|zusammenfassung|riassunto|samenvatting|palavras.chave|palabras.clave"
    r"|mots.cl[eé]s)\s*:?\s*$",
    re.IGNORECASE,
)


def _is_inner_heading(line: str, previous: str) -> bool:
    """A heading without a blank line around it: only after a finished sentence, and only if it is a known one."""
    if previous and previous.rstrip()[-1:] not in ".?!:":
        return False
    return is_heading(line) and (bool(OTHER_HEADING.match(line)) or section_of(line) is not None)


def _column_width(blocks: list[Block]) -> float:
    """Usual length of a full line of prose; one-line paragraphs do not count."""
    lengths = [len(line) for block in blocks if len(block.lines) >= 3 for line in block.lines[:-1]]
    return median(lengths) if lengths else 0.0


def _merge_rotated(blocks: list[Block]) -> list[Block]:
    """Joins a run of tiny lines, which is one rotated label."""
    merged: list[Block] = []
    run: list[Block] = []

    def close() -> None:
        n_lines = sum(len(block.lines) for block in run)
        letters = "".join(block.text for block in run)
        if n_lines >= 5 and sum(c.isalpha() for c in letters) >= 0.6 * len(letters.replace("\n", "").replace(" ", "")):
            whole = "\n".join(block.text for block in run)
            merged.append(Block(run[0].start, run[-1].end, whole, Kind.ROTATED))
        else:
            merged.extend(run)
        run.clear()

    for block in blocks:
        if all(len(line.strip()) <= 2 for line in block.lines):
            run.append(block)
        else:
            close()
            merged.append(block)
    close()
    return merged


def _first_look(block: Block) -> Kind:
    line = block.text.strip()
    if block.kind is Kind.ROTATED:
        return Kind.ROTATED
    caption = CAPTION.match(line)
    if caption:
        rest = line[caption.end() :]
        if not rest:
            return Kind.CAPTION_LABEL
        if caption["stop"] or not (_REFERS.match(rest) or rest.lstrip()[:1].islower()):
            return Kind.CAPTION
    if all(_BULLET.match(one) for one in block.lines):
        return Kind.LIST
    if len(block.lines) <= 2 and is_heading(" ".join(line.split())):
        return Kind.HEADING
    if len(block.lines) <= 2 and len(line) <= 160 and _FURNITURE.search(line) and not _ends_sentence(line):
        return Kind.FURNITURE
    return Kind.PROSE


def _ends_sentence(text: str) -> bool:
    return bool(re.search(r"[.?!][\"'”’)\]]*\d{0,3}(?:[,–-]\d{1,3})*\s*$", text))


def _mark_furniture(blocks: list[Block]) -> list[Block]:
    """Unpunctuated titles that come back on several pages or stand beside a footer are running heads."""
    blocks = _join_split_titles(blocks)
    keys = Counter(_without_digits(block.text) for block in blocks if len(block.lines) <= 3)
    marked = []
    for index, block in enumerate(blocks):
        repeated = keys[_without_digits(block.text)] >= 3 or _beside_furniture(blocks, index)
        is_running = block.kind is Kind.PROSE and index > 0 and repeated and _is_title_like(block.text)
        marked.append(replace(block, kind=Kind.RUNNING_TITLE) if is_running else block)
    return marked


def _join_split_titles(blocks: list[Block]) -> list[Block]:
    """A running title above a footer, torn in two by a blank line, becomes one block."""
    joined: list[Block] = []
    for block in blocks:
        if block.kind is Kind.FURNITURE and len(joined) >= 2:
            first, second = joined[-2:]
            whole = first.text + "\n" + second.text
            if first.kind is second.kind is Kind.PROSE and second.text[:1].islower() and _is_title_like(whole):
                joined[-2:] = [Block(first.start, second.end, whole)]
        joined.append(block)
    return joined


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split()))


def _beside_furniture(blocks: list[Block], index: int) -> bool:
    return any(blocks[i].kind is Kind.FURNITURE for i in (index - 1, index + 1) if 0 <= i < len(blocks))


_TITLE_WORDS = re.compile(r"\b(?:of|in|and|the|with|for|on|by|to|from|versus|vs)\b")


def _is_title_like(text: str) -> bool:
    words = text.split()
    bare = len(text.splitlines()) <= 4 and not re.search(r"[.,;:?!–-]\s*$|\d{2}", text)
    return bare and 4 <= len(words) <= 40 and words[0][0].isupper() and bool(_TITLE_WORDS.search(text))


def _mark_floats(blocks: list[Block], width: float) -> list[Block]:
    """After a table's caption come its cells; a figure's label alone is followed by its caption."""
    marked: list[Block] = []
    state: Kind | None = None  # the float we are inside
    table_blocks = 0
    for block in blocks:
        kind = block.kind
        if kind in {Kind.CAPTION_LABEL, Kind.CAPTION}:
            is_table = block.text.lstrip().lower().startswith(("tab", "supplementa"))
            state = (Kind.TABLE if is_table else Kind.CAPTION) if is_table or kind is Kind.CAPTION_LABEL else None
            table_blocks = 0
        elif kind is Kind.PROSE and state is Kind.CAPTION:
            kind, state = Kind.CAPTION, None
        elif kind is Kind.PROSE and state is Kind.TABLE:
            if is_footnote(block.text):
                kind = Kind.FOOTNOTE
            elif _is_running_prose(block, width):
                state = None
            else:
                first_title = table_blocks == 0 and marked[-1].kind is Kind.CAPTION_LABEL and block.n_words >= 3
                kind = Kind.CAPTION if first_title else Kind.TABLE
                table_blocks += 1
        elif kind is Kind.HEADING and state is Kind.TABLE and not _ends_table(block.text):
            kind = Kind.TABLE
        elif kind in {Kind.HEADING, Kind.LIST}:
            state = None
        marked.append(replace(block, kind=kind))
    return marked


def is_footnote(text: str) -> bool:
    """Abbreviation definitions and the usual openings of table notes."""
    n_definitions = len(_DEFINITION.findall(text))
    return n_definitions >= 2 or (bool(_NOTE.match(text)) and len(text.split()) >= 4)


def _ends_table(heading: str) -> bool:
    return (heading.strip().isupper() and section_of(heading) is not None) or bool(OTHER_HEADING.match(heading.strip()))


_REFERENCE_GOES_ON = re.compile(r"\s*(?:Tables?|Figs?\.|Figures?)\s?\d+[\w-]*\s?[),;]")  # "Table 2) and …"


def _is_running_prose(block: Block, width: float) -> bool:
    """Several lines near the column's width, or one long line that ends as a sentence."""
    lines = block.lines
    if _REFERENCE_GOES_ON.match(block.text):
        return True
    if block.text.lstrip()[:1].islower() and block.n_words >= 8 and _ends_sentence(block.text):
        return True
    if len(lines) == 1:
        return block.n_words >= 15 and (_ends_sentence(block.text) or len(block.text) > 200)
    full = sum(len(line) >= 0.75 * width for line in lines)
    return width > 0 and block.n_words >= 10 and full >= 0.6 * len(lines)
