"""One paper as `evidence ico` needs it: sentences, tables with resolved headers, figure captions, its own words.

Place in the flow: made from the store for the command, from a `Document` for scoring; both ways give the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.ask.ico_cells import ico_cells
from pipeline.ask.ico_records import Place
from pipeline.ask.ico_terms import Terms
from pipeline.document import Box, Cell, Document, Part, Passage, Section, Table, TextBox
from pipeline.errors import StoreError
from pipeline.relate.table_cells import Valued
from pipeline.store import Store
from pipeline.store.rows import unpack_boxes
from pipeline.tag.abbreviation import expand, find_abbreviations

_SENTENCE_END = re.compile(r"(?<=[a-z)\]\d%])\.\s+(?=[A-Z])|\n+")
_DEFINITION = re.compile(
    r"(?:^|[\s;,.])([A-Z][\w+/-]{0,9})\s*[,:=–-]\s*([a-z][^;.,]{3,60}(?:,\s+(?:plus|and|with)\b[^;.,]{3,40})?)"
)
_FIGURE = re.compile(r"\s*(?:fig(?:ure)?\.?|supplementary fig)", re.IGNORECASE)
_AGE = re.compile(r"\bage\b", re.IGNORECASE)
_BODY = re.compile(r"\b(?:sex|gender|female|male|weight|height|bmi|body mass)\b", re.IGNORECASE)
_LATER = re.compile(r"\bafter\b|\bpost|follow-?\s?up|\bchange\b|\bend of\b", re.IGNORECASE)
_TEXT_PARTS = (Part.TITLE, Part.ABSTRACT, Part.BODY)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`start`/`end` are offsets in the passage's text; `before` is the sentence before it in the passage."""

    passage: int
    start: int
    end: int
    text: str
    part: Part
    before: str = ""


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table passage. `number` counts the tables of the paper; `values` are the cells that print a group's value."""

    number: int
    passage: int
    table: Table
    values: tuple[Valued, ...] = ()

    @property
    def around(self) -> str:
        """Caption and footnotes."""
        return " ".join([self.table.caption or "", *(text for _, text in self.table.footnotes)])

    @property
    def is_baseline(self) -> bool:
        """Whether its rows describe who took part (age with sex, weight or height) and no header names a later time."""
        labels = " ".join(dict.fromkeys(head for one in self.values for head in one.cell.row_headers))
        heads = " ".join(dict.fromkeys(head for one in self.values for head in one.cell.column_headers))
        return bool(_AGE.search(labels) and _BODY.search(labels)) and not _LATER.search(f"{labels} {heads}")


def cell_place(table: PaperTable, cell: Cell) -> Place:
    """Where a cell stands."""
    return Place(table.passage, cell.start, cell.end, cell.text, cell.row_headers, cell.column_headers, cell.xpath)


def header_place(table: PaperTable, text: str) -> Place | None:
    """Where the header cell with that text stands."""
    found = next((cell for cell in table.table.cells if cell.text == text), None)
    return cell_place(table, found) if found else None


@dataclass(slots=True)
class IcoPaper:
    """`passages` in the order of the document; positions in it are what `Sentence.passage` counts."""

    paper_id: str
    source: str
    passages: Sequence[Passage]
    sentences: list[Sentence] = field(default_factory=list)
    tables: list[PaperTable] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)  # of figures
    terms: Terms = field(init=False)

    def __post_init__(self) -> None:
        for position, passage in enumerate(self.passages):
            if passage.table is not None:
                self.tables.append(PaperTable(len(self.tables), position, passage.table, ico_cells(passage.table)))
            elif passage.part in _TEXT_PARTS and passage.language == "en":
                self.sentences += _sentences(position, passage)
            elif passage.part is Part.CAPTION and not _is_table_caption(passage):
                self.captions.append(passage.text)
        text = "\n".join(passage.text for passage in self.passages if passage.part is not Part.REFERENCES)
        headers = [h for t in self.tables for c in t.table.cells for h in (*c.row_headers, *c.column_headers)]
        notes = " ".join(table.around for table in self.tables)
        self.terms = Terms(headers, _abbreviations(self.passages, notes), f"{text} {notes}")


def _is_table_caption(passage: Passage) -> bool:
    return passage.text.lstrip().lower().startswith("table") and not _FIGURE.match(passage.text)


def _sentences(position: int, passage: Passage) -> Iterator[Sentence]:
    start, before = 0, ""
    ends = [match.span() for match in _SENTENCE_END.finditer(passage.text)] + [(len(passage.text), len(passage.text))]
    for end, following in ends:
        text = passage.text[start:end]
        if text.strip():
            yield Sentence(position, start, end, text, passage.part, before)
            before = text
        start = following


def _abbreviations(passages: Iterable[Passage], notes: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for passage in passages:
        if passage.part in (*_TEXT_PARTS, Part.CAPTION, Part.FOOTNOTE) and passage.table is None:
            for short, long in expand(find_abbreviations(passage.text)).items():
                found.setdefault(short, long)
    for match in _DEFINITION.finditer(notes):
        found.setdefault(match[1], match[2])
    return found


def paper_of_document(document: Document) -> IcoPaper:
    """The paper of a document that was just read."""
    return IcoPaper(document.paper_id, document.source.name, document.passages)


def load_paper(store: Store, asked: str) -> IcoPaper:
    """The stored paper with that paper_id, DOI, PMID, PMCID or source file name (with or without its folder).

    Raises:
        StoreError: there is no such paper, or several.
    """
    rows = list(
        store.rows(_FIND, {"asked": asked.strip(), "lower": asked.strip().lower(), "file": f"%/{asked.strip()}"})
    )
    keys = sorted({str(row["paper_id"]) for row in rows})
    if not keys:
        raise StoreError(
            f"There is no paper {asked!r} in {store.path}.", what_to_do="See the view `papers` for what it holds."
        )
    if len(keys) > 1:
        raise StoreError(f"{asked!r} names {len(keys)} papers: {', '.join(keys[:5])}.", what_to_do="Give a paper_id.")
    found = [_passage(store, row) for row in store.rows(_PASSAGES, (keys[0],))]
    return IcoPaper(keys[0], str(rows[0]["source"]), found)


_FIND = (
    "SELECT paper_id, source FROM papers WHERE paper_id = :asked OR paper_id = :lower OR lower(doi) = :lower"
    " OR 'https://doi.org/' || lower(doi) = :lower OR 'doi:' || lower(doi) = :lower OR pmid = :asked"
    " OR 'pmid:' || pmid = :lower OR lower(pmcid) = :lower OR 'pmcid:' || lower(pmcid) = :lower"
    " OR lower(pmcid) = 'pmc' || :lower OR source = :asked OR source LIKE :file"
)
_PASSAGES = "SELECT g.* FROM passage g JOIN paper p ON p.id = g.paper WHERE p.key = ? ORDER BY g.ordinal"
_CELLS = "SELECT * FROM cell WHERE passage = ? ORDER BY row_number, column_number"


def _passage(store: Store, row: Mapping[str, object]) -> Passage:
    table = None
    if row["is_table"]:
        cells = tuple(_cell(cell) for cell in store.rows(_CELLS, (int(str(row["id"])),)))
        notes = json.loads(str(row["table_footnotes"])) if row["table_footnotes"] else []
        table = Table(
            label=_text(row["table_label"]),
            caption=_text(row["table_caption"]),
            n_rows=1 + max((cell.row for cell in cells), default=0),
            n_columns=1 + max((cell.column for cell in cells), default=0),
            cells=cells,
            footnotes=tuple((mark, text) for mark, text in notes),
        )
    page = row["page"]
    section = str(row["section"] or "")
    packed = row["boxes"]
    words = unpack_boxes(packed if isinstance(packed, bytes) else None)
    return Passage(
        ordinal=int(str(row["ordinal"])),
        part=Part(str(row["part"])),
        text=str(row["text"]),
        language=str(row["language"] or "en"),
        page=None if page is None else int(str(page)),
        section=Section(section) if section in set(Section) else None,
        boxes=tuple(TextBox(start, end, box) for start, end, box in words),
        table=table,
        xpath=_text(row["xpath"]),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _box(page: object, corners: object) -> Box | None:
    return Box(int(str(page)), *json.loads(str(corners))) if page is not None and corners else None


def _cell(row: Mapping[str, object]) -> Cell:
    def texts(name: str) -> tuple[str, ...]:
        return tuple(json.loads(str(row[name]))) if row[name] else ()

    return Cell(
        row=int(str(row["row_number"])),
        column=int(str(row["column_number"])),
        text=str(row["text"]),
        start=int(str(row["char_start"])),
        end=int(str(row["char_end"])),
        row_span=int(str(row["row_span"])),
        column_span=int(str(row["column_span"])),
        is_header=bool(row["is_header"]),
        column_headers=texts("column_headers"),
        row_headers=texts("row_headers"),
        marks=texts("marks"),
        box=_box(row["page"], row["bbox"]),
        xpath=_text(row["xpath"]),
    )
