"""PaperEvidence → plain rows: what a worker sends back and the writer writes.

Place in the flow: between `assemble` and `load`. Pure: no database, no clock, so the same paper gives the same rows in
any process. Ids are the paper's id and a running number: `10.1000/x#R3` is the third result of that paper.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.document import Box, Cell, Document, Part, Passage
from pipeline.evidence import Arm, Comparison, Concept, Dose, DrugUse, Label, Mention, PaperEvidence, Quote, Result
from pipeline.read.identity import identity_of, richness
from pipeline.store.beside import Beside, beside
from pipeline.store.schema import PAPER_TABLES, PaperRows, Row, Value
from pipeline.store.sentence import regimen_sentence


def rows_of(evidence: PaperEvidence, *, extractor_version: str, path: str = "") -> PaperRows:
    """The rows of one paper.

    Args:
        extractor_version: what made the evidence (see `run.version`).
        path: absolute path of the source, kept so that `verify` finds it from any folder.
    """
    document = evidence.annotated.document
    maker = _Maker(document.paper_id, document.passages)
    _add_reading(maker, evidence)
    for mention in evidence.annotated.mentions:
        maker.add_mention(mention)
    _add_arms(maker, evidence)
    _add_findings(maker, evidence)
    return PaperRows(
        key=document.paper_id,
        paper=_paper_values(evidence),
        source=_source_values(document, extractor_version, path),
        concepts=tuple(maker.concepts),
        names=tuple(dict.fromkeys(maker.names)),
        tables={name: rows for name, rows in maker.tables.items() if rows},
    )


def to_json(value: object) -> str:
    """Compact JSON, sorted keys, readable characters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def pack_boxes(passage: Passage) -> bytes | None:
    """Word boxes as one small blob: `[[start, end, page, x0, top, x1, bottom], …]`, JSON, compressed."""
    if not passage.boxes:
        return None
    words = [[b.start, b.end, b.box.page, *_corners(b.box)] for b in passage.boxes]
    return zlib.compress(json.dumps(words, separators=(",", ":")).encode(), 3)


def unpack_boxes(blob: bytes | None) -> list[tuple[int, int, Box]]:
    """What `pack_boxes` packed: `(start, end, box)` per word."""
    if blob is None:
        return []
    return [(start, end, Box(page, *corners)) for start, end, page, *corners in json.loads(zlib.decompress(blob))]


def section_name(passage: Passage) -> str:
    """The `section` column: "abstract", "abstract: results", "results", "table", …"""
    if passage.part is Part.BODY:
        return str(passage.section) if passage.section else "body"
    if passage.part is Part.ABSTRACT and passage.section:
        return f"abstract: {passage.section}"
    return str(passage.part)


def _corners(box: Box) -> list[float]:
    return [round(side, 2) for side in (box.x0, box.top, box.x1, box.bottom)]


def _union(boxes: Sequence[Box]) -> tuple[int | None, str | None]:
    """Page and enclosing box of the words on the first page that they touch."""
    if not boxes:
        return None, None
    page = min(box.page for box in boxes)
    here = [box for box in boxes if box.page == page]
    around = Box(
        page,
        min(box.x0 for box in here),
        min(box.top for box in here),
        max(box.x1 for box in here),
        max(box.bottom for box in here),
    )
    return page, json.dumps(_corners(around))


def _json_or_none(values: Iterable[str]) -> str | None:
    items = list(values)
    return to_json(items) if items else None


def _paper_values(evidence: PaperEvidence) -> dict[str, Value]:
    document, frame = evidence.annotated.document, evidence.frame
    return {
        "language": document.language,
        "design": frame.design,
        "n_total": frame.n_total,
        "population": frame.population,
        "age_group": frame.age_group,
        "follow_up": frame.follow_up,
        "article_type": str(document.article_type),
        "authors": _json_or_none(document.authors),
        "publication_types": _json_or_none(document.publication_types),
        "index_terms": _json_or_none(document.index_terms),
        "registrations": _json_or_none(document.registrations),
        "n_pages": document.n_pages,
        "coverage": None if document.coverage is None else round(document.coverage, 4),
    }


def _source_values(document: Document, extractor_version: str, path: str) -> dict[str, Value]:
    known = identity_of(document)
    return {
        "name": document.source.name,
        "path": path or document.source.name,
        "record": document.source.record,
        "format": document.source.format,
        "sha256": document.source.sha256,
        "extractor_version": extractor_version,
        "richness": richness(document),
        "doi": known.doi,
        "pmid": known.pmid,
        "pmcid": known.pmcid,
        "title": document.title or None,
        "journal": document.journal or None,
        "year": document.year,
        "retracted": int(document.retracted),
        "title_key": known.title_key,
        "author_key": known.author_key,
        "retracts": _json_or_none(document.retracts),
    }


@dataclass(slots=True)
class _Maker:
    """Collects rows; every `add_…` returns the local number of its row."""

    key: str
    passages: tuple[Passage, ...]
    tables: dict[str, list[Row]] = field(default_factory=lambda: {table.name: [] for table in PAPER_TABLES})
    concepts: dict[tuple[str | None, str, str | None], int] = field(default_factory=dict)
    names: list[tuple[str, str, int]] = field(default_factory=list)
    quotes: dict[tuple[int, int, int], int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)  # passage ordinal → local number

    def add(self, table: str, *values: Value) -> int:
        rows = self.tables[table]
        rows.append((len(rows), *values))
        return len(rows) - 1

    def concept(self, concept: Concept | None) -> int | None:
        if concept is None:
            return None
        return self.concepts.setdefault((concept.id, concept.name, concept.vocabulary), len(self.concepts))

    def place(self, passage: int, start: int, end: int) -> tuple[Value, Value, Value, Value]:
        """source_start, source_end, page and bbox of a span."""
        source = self.passages[passage].source_span(start, end)
        page, bbox = _union(self.passages[passage].boxes_of(start, end))
        if page is None:
            page = self.passages[passage].page
        return (*(source or (None, None)), page, bbox)

    def quote(self, quote: Quote | None) -> int | None:
        if quote is None:
            return None
        identity = (quote.passage, quote.start, quote.end)
        if identity not in self.quotes:
            place = self.place(*identity)
            number = self.numbers[quote.passage]
            self.quotes[identity] = self.add("quote", 0, number, quote.start, quote.end, quote.text, *place)
        return self.quotes[identity]

    def add_mention(self, mention: Mention) -> None:
        concept = self.concept(mention.concept)
        if concept is not None:
            self.names.append((str(mention.label), " ".join(mention.text.lower().split()), concept))
        self.add(
            "mention", 0, self.numbers[mention.passage], concept, len(self.tables["mention"]) + 1, str(mention.label),
            mention.text, mention.start, mention.end, *self.place(mention.passage, mention.start, mention.end),
            str(mention.assertion), round(mention.confidence, 4), mention.extractor, _detail(mention),
        )  # fmt: skip


def _detail(mention: Mention) -> str | None:
    """The parsed dose or statistic, without its empty fields."""
    record = mention.dose or mention.statistic
    if record is None:
        return None
    fields = {name: getattr(record, name) for name in record.__slots__}  # `asdict` copies deeply: ten times the time
    return to_json({name: value for name, value in fields.items() if value is not None})


def _add_reading(maker: _Maker, evidence: PaperEvidence) -> None:
    """Passages with their tables and citation marks, references, notes, abbreviations."""
    document, sentences = evidence.annotated.document, evidence.annotated.sentences
    for position, passage in enumerate(document.passages):
        spans = sentences[position] if position < len(sentences) else ()
        number = maker.add("passage", 0, *_passage_values(maker, passage, [(s.start, s.end) for s in spans]))
        maker.numbers[position] = number
        for mark in passage.citations:
            maker.add("citation", number, mark.position, to_json(mark.keys))
        for cell in passage.table.cells if passage.table else ():
            maker.add("cell", number, *_cell_values(cell))
    for ordinal, reference in enumerate(document.references, 1):
        maker.add(
            "reference", 0, ordinal, reference.key, reference.text, _json_or_none(reference.authors), reference.year,
            reference.title, reference.doi, reference.pmid,
        )  # fmt: skip
    for note in document.notes:
        maker.add("read_note", 0, note.kind, note.detail, note.page)
    for short, long in sorted(evidence.annotated.abbreviations.items()):
        maker.add("abbreviation", 0, short, long)
    for name in evidence.frame.histology:
        maker.add("paper_histology", 0, name)


def _passage_values(maker: _Maker, passage: Passage, sentences: list[tuple[int, int]]) -> Sequence[Value]:
    ordinal = len(maker.tables["passage"]) + 1
    source = passage.source_span(0, len(passage.text)) if passage.text else None
    table = passage.table
    page = passage.page if passage.page is not None else _union([b.box for b in passage.boxes[:1]])[0]
    return (
        ordinal, f"{maker.key}#P{ordinal}", str(passage.part), section_name(passage), passage.heading, page,
        passage.language, int(passage.part is Part.TABLE or table is not None), passage.text, passage.xpath,
        to_json(sentences) if sentences else None, pack_boxes(passage), *(source or (None, None)),
        table.label if table else None, table.caption if table else None,
        to_json(table.footnotes) if table and table.footnotes else None,
    )  # fmt: skip


def _cell_values(cell: Cell) -> Sequence[Value]:
    return (
        cell.row, cell.column, cell.text, cell.start, cell.end, cell.row_span, cell.column_span, int(cell.is_header),
        _json_or_none(cell.column_headers), _json_or_none(cell.row_headers), _json_or_none(cell.marks),
        cell.box.page if cell.box else None, json.dumps(_corners(cell.box)) if cell.box else None, cell.xpath,
    )  # fmt: skip


def _add_arms(maker: _Maker, evidence: PaperEvidence) -> None:
    for arm in evidence.arms:
        number = maker.add(
            "arm", 0, maker.quote(arm.quote), arm.arm_id, arm.name, str(arm.role), arm.n, arm.population,
            "; ".join(arm.histology) or None, to_json(arm.drug_names), regimen_sentence(arm), str(arm.attribution),
            arm.cited_ref, _json_or_none(arm.aliases),
        )  # fmt: skip
        for name in arm.histology:
            maker.add("arm_histology", number, name)
        for ordinal, use in enumerate(arm.drugs, 1):
            maker.add("drug_use", number, *_drug_use_values(maker, use, ordinal))
            if use.drug_id:
                concept = maker.concept(Concept(use.drug_id, use.drug, use.drug_id.split(":", 1)[0]))
                maker.names.append((str(Label.DRUG), use.drug, concept or 0))


def _range(dose: Dose | None) -> tuple[float | None, float | None]:
    """Lowest and highest printed amount; a single value is both."""
    if dose is None:
        return None, None
    if dose.low is None and dose.high is None:
        return dose.value, dose.value
    return dose.low, dose.high


def _drug_use_values(maker: _Maker, use: DrugUse, ordinal: int) -> Sequence[Value]:
    dose, target = use.dose, use.target
    return (
        maker.quote(use.quote), ordinal, use.drug, use.drug_id, dose.text if dose else None,
        dose.value if dose else None, *_range(dose), dose.sd if dose else None, dose.unit if dose else None,
        dose.per if dose else None, use.frequency or (dose.frequency if dose else None), use.route, use.duration,
        target.text if target else None, *_range(target), target.unit if target else None,
    )  # fmt: skip


def _add_findings(maker: _Maker, evidence: PaperEvidence) -> None:
    arms: dict[str | None, int] = {arm.arm_id: number for number, arm in enumerate(evidence.arms)}
    for ordinal, comparison in enumerate(evidence.comparisons, 1):
        number = maker.add("comparison", 0, *_comparison_values(maker, comparison, ordinal, arms))
        for place, quote in enumerate(comparison.more_quotes, 1):
            maker.add("comparison_quote", number, maker.quote(quote), place)
    names: dict[str, Arm] = {arm.arm_id: arm for arm in evidence.arms}
    for ordinal, result in enumerate(evidence.results, 1):
        neighbour = beside(result, evidence.results, evidence.comparisons, names)
        number = maker.add("result", 0, *_result_values(maker, result, ordinal, arms, neighbour))
        for place, quote in enumerate(result.more_quotes, 1):
            maker.add("result_quote", number, maker.quote(quote), place)


def _comparison_values(maker: _Maker, row: Comparison, ordinal: int, arms: dict[str | None, int]) -> Sequence[Value]:
    return (
        arms.get(row.arm_a), arms.get(row.arm_b), maker.concept(row.outcome_concept), maker.quote(row.quote), ordinal,
        f"{maker.key}#C{ordinal}", row.outcome, row.effect_measure, row.effect, row.ci_low, row.ci_high, row.p_operator,
        row.p_value, _text(row.direction), row.timepoint, str(row.attribution), row.cited_ref, round(row.confidence, 4),
    )  # fmt: skip


def _result_values(
    maker: _Maker, row: Result, ordinal: int, arms: dict[str | None, int], neighbour: Beside
) -> Sequence[Value]:
    return (
        arms.get(row.arm_id), maker.concept(row.outcome_concept), maker.quote(row.quote), neighbour.comparison,
        arms.get(neighbour.arm_id), ordinal, f"{maker.key}#R{ordinal}", row.outcome, str(row.measure), row.text,
        row.value, row.sd, row.se, row.low, row.high, row.unit, row.events, row.total, row.percent, row.timepoint,
        str(row.attribution), row.cited_ref, round(row.confidence, 4), neighbour.value, _text(neighbour.direction),
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)
