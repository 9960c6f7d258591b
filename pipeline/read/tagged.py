"""Tagged records: MEDLINE text (`.nbib`, PubMed's "PubMed format") and RIS → one `Document` a record.

Place in the flow: `read_documents` calls it for both. One small line reader serves both formats, because the libraries
for them (nbib, rispy) do not tell where a value stands in the file, and every quote must lead back there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pipeline.document import Document, Source
from pipeline.errors import UnreadableSource
from pipeline.evidence import Failure
from pipeline.read.chars import Chars, Edit, join
from pipeline.read.citation_line import find_doi, find_pmcid, find_pmid, find_year
from pipeline.read.record import AbstractPart, Record, build, iso_language

_MEDLINE_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)$")
_RIS_LINE = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*))?$")
_LINE = re.compile(r"[^\r\n]+")
_BLANKS = re.compile(r"\s{2,}|[^\S ]")


@dataclass(slots=True)
class _Fields:
    """The values of one record by tag, as ranges of the source (a value may run over several lines)."""

    start: int
    end: int = 0
    values: dict[str, list[list[tuple[int, int]]]] = field(default_factory=dict)


def read_medline(text: str, source: Source) -> Iterator[Document | Failure]:
    """Records that start with `PMID-`."""
    yield from _read(text, source, list(_split(text, _MEDLINE_LINE, first="PMID")), _medline_record)


def read_ris(text: str, source: Source) -> Iterator[Document | Failure]:
    """Records from `TY  -` to `ER  -`."""
    yield from _read(text, source, list(_split(text, _RIS_LINE, first="TY")), _ris_record)


def _read(text: str, source: Source, records: list[_Fields], make: object) -> Iterator[Document | Failure]:
    if not records:
        raise UnreadableSource(f"{source.name} holds no record.", what_to_do="Export it again.")
    for number, fields in enumerate(records):
        content = text[fields.start : fields.end].encode("utf-8", "surrogatepass")
        own = replace(source, record=number, sha256=hashlib.sha256(content).hexdigest())
        record = make(_Values(text, fields))  # type: ignore[operator]
        if record.is_empty:
            what = f"{source.name} record {number + 1} has neither title nor abstract."
            yield Failure(f"{source.name}#{number}", "read", what, "Nothing can be read from it.")
        else:
            yield build(record, own)


def _split(text: str, pattern: re.Pattern[str], first: str) -> Iterator[_Fields]:
    """Cut the text into records; lines without a tag go on with the value before them."""
    fields: _Fields | None = None
    current: list[tuple[int, int]] | None = None
    for line in _LINE.finditer(text):
        match = pattern.match(line[0].lstrip("\ufeff"))
        if match is None:
            if current is not None and line[0].strip():
                current.append(line.span())
                if fields is not None:
                    fields.end = line.end()
            continue
        tag = match[1]
        if tag == "ER" and first == "TY":
            current = None
            continue
        if tag == first and (fields is None or first in fields.values or first == "TY"):
            if fields is not None:
                yield fields
            fields = _Fields(line.start())
        if fields is None:
            fields = _Fields(line.start())
        start = line.end() - len(match[2] or "")
        current = [(start, line.end())]
        fields.values.setdefault(tag, []).append(current)
        fields.end = line.end()
    if fields is not None:
        yield fields


class _Values:
    """Values of one record by tag, as text or as `Chars`."""

    def __init__(self, text: str, fields: _Fields) -> None:
        self.text = text
        self.fields = fields

    def chars(self, *tags: str) -> list[Chars]:
        """All values of the first tag that has any."""
        for tag in tags:
            found = [self._join(ranges) for ranges in self.fields.values.get(tag, ())]
            found = [chars for chars in found if chars.text and chars.text not in {"NA", "N/A"}]
            if found:
                return found
        return []

    def all(self, *tags: str) -> list[str]:
        """The values of all the tags, in order of the tags."""
        return [chars.text for tag in tags for chars in self.chars(tag)]

    def one(self, *tags: str) -> str | None:
        return next(iter(self.all(*tags)), None)

    def lines(self, tag: str) -> list[Chars]:
        """The values of a tag, each of its lines on its own (RIS keywords)."""
        ranges = [one for value in self.fields.values.get(tag, ()) for one in value]
        return [chars for chars in (_tidy(Chars.of(self.text, *one)) for one in ranges) if chars.text]

    def _join(self, ranges: list[tuple[int, int]]) -> Chars:
        return join([_tidy(Chars.of(self.text, start, end)) for start, end in ranges if end > start], " ")


def _tidy(chars: Chars) -> Chars:
    chars = chars.strip()
    edits: list[Edit] = []
    for match in _BLANKS.finditer(chars.text):
        keep = match[0][0] == " "
        edits.append((match.start() + keep, match.end(), "" if keep else " "))
    return chars.edit(edits) if edits else chars


# --- MEDLINE ----------------------------------------------------------------------------------------------------------


def _medline_record(values: _Values) -> Record:
    identifiers = values.all("LID", "AID")
    terms = values.chars("MH") + values.chars("OT") + values.chars("NM")
    pmid = values.one("PMID")
    languages = values.all("LA")
    record = Record(
        title=next(iter(values.chars("TI", "BTI", "TT")), None),
        abstract=[AbstractPart(chars) for chars in values.chars("AB")],
        terms=terms,
        journal=values.one("JT", "TA"),
        year=find_year(values.one("DP", "DEP", "SO")),
        doi=next((find_doi(one) for one in identifiers if "[doi]" in one), None),
        pmid=pmid if pmid and pmid.isdigit() else None,
        pmcid=find_pmcid(values.one("PMC") or ""),
        language="en" if "eng" in languages else iso_language(languages[0]) if languages else None,
        authors=tuple(name.rsplit(" ", 1)[0] for name in values.all("AU")),
        types=tuple(dict.fromkeys(values.all("PT"))),
        index_terms=tuple(dict.fromkeys(_bare_term(chars.text) for chars in terms)),
        registrations=tuple(
            one.split("/")[-1] for one in values.all("SI") if one.startswith(("ClinicalTrials", "ISRCTN"))
        ),
        retracted=bool(values.fields.values.get("RIN")),
        retracts=tuple(f"pmid:{found}" for found in map(find_pmid, values.all("ROF")) if found),
    )
    record.abstract += [AbstractPart(chars) for chars in values.chars("OAB")]
    return record


def _bare_term(term: str) -> str:
    """`Prednisone/*therapeutic use` → `Prednisone`."""
    return term.split("/")[0].strip("* ")


# --- RIS --------------------------------------------------------------------------------------------------------------

_RIS_TYPES: Mapping[str, str] = {
    "JOUR": "Journal Article",
    "CHAP": "Book Chapter",
    "THES": "Thesis",
    "CONF": "Congress",
}


def _ris_record(values: _Values) -> Record:
    terms = values.lines("KW")
    identifiers = " ".join(values.all("DO", "UR", "L3", "M3", "N1", "C7"))
    database = " ".join(values.all("DB", "DP", "N1", "UR", "L2", "AN")).lower()
    accession = values.one("AN", "PMID", "ID") or ""
    notes = values.all("N1", "M3")
    abstract = values.chars("AB", "N2")
    return Record(
        title=next(iter(values.chars("TI", "T1", "CT", "BT")), None),
        abstract=[AbstractPart(chars) for chars in abstract],
        terms=terms,
        journal=values.one("T2", "JF", "JO", "JA", "J2"),
        year=find_year(values.one("PY", "Y1", "DA", "ET")),
        doi=find_doi(values.one("DO") or "") or find_doi(identifiers),
        pmid=accession if re.fullmatch(r"\d{6,8}", accession) and re.search(r"nlm|pubmed|medline", database) else None,
        pmcid=find_pmcid(" ".join(values.all("C2", "UR"))),
        language=iso_language(values.one("LA")),
        authors=tuple(name.split(",")[0].strip() for name in (values.all("AU") or values.all("A1"))),
        types=tuple(dict.fromkeys([_RIS_TYPES.get(one, one) for one in values.all("TY")] + _types_in(notes))),
        index_terms=tuple(dict.fromkeys(_bare_term(chars.text) for chars in terms)),
    )


_TYPE_NAMES = re.compile(
    r"\b(Randomized Controlled Trial|Clinical Trial|Case Reports|Meta-Analysis|Systematic Review|Review|Letter"
    r"|Editorial|"
    r"Retracted Publication|Retraction of Publication|Published Erratum|Comparative Study|Multicenter Study)\b"
)


def _types_in(notes: list[str]) -> list[str]:
    """PubMed publication types that reference managers put among the notes."""
    return [name for note in notes for name in _TYPE_NAMES.findall(note)]
