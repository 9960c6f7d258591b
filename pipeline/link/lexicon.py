"""Lexicons: tables of terms and the concepts they name.

Place in the flow: read by `linker` and `scan`. A lexicon is a TSV file, one term per row, with the columns of
`COLUMNS`; ours are in `models/lexicon/`. A row's `flags` are blank-separated:

    case             matches only as written (short abbreviations do so without the flag)
    link             never found by scanning, only linked once something else marked it ("CR", "iron")
    class            the concept is a class (of drugs), not a member
    needs=a,b        found by scanning only where the passage or its context holds one of a, b ("_" is a blank)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.evidence import Concept, Label
from pipeline.resources import lexicon_path

COLUMNS = ("term", "concept_id", "preferred_name", "vocabulary", "parent", "source", "flags")
FILES = {
    Label.DRUG: "drug",
    Label.HISTOLOGY: "histology",
    Label.CONDITION: "condition",
    Label.OUTCOME: "outcome",
}
_CURIE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*:\S+")
_FLAG = re.compile(r"case|link|class|needs=[^\s=]+")


class LexiconError(PipelineError):
    """A vocabulary file breaks the format; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Term:
    """One string that names a concept, and when it may be taken for it."""

    text: str
    concept: Concept
    case: bool = False
    link_only: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms of one label, with the hierarchy of their concepts.

    `entries` are in file order; `parents` maps a concept id to the ids directly above it.
    """

    entries: tuple[Term, ...] = ()
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    classes: frozenset[str] = frozenset()

    def terms(self) -> dict[str, Concept]:
        """Every string that scanning may find → its concept; the first entry of a repeated string wins."""
        found: dict[str, Concept] = {}
        for term in self.entries:
            if not term.link_only:
                found.setdefault(term.text, term.concept)
        return found

    def concepts(self) -> dict[str, Concept]:
        """Concept id → concept."""
        return {term.concept.id: term.concept for term in self.entries if term.concept.id}

    def merged(self, other: Lexicon) -> Lexicon:
        """Both lexicons; entries of this one win where both name the same string."""
        parents = {**other.parents, **self.parents}
        return Lexicon(self.entries + other.entries, parents, self.classes | other.classes)


@cache
def load_lexicon(label: Label) -> Lexicon:
    """The packaged lexicon of a label; empty for labels without one (DOSE, STATISTIC …).

    Raises:
        ModelNotFound: the installation is incomplete.
        LexiconError: the file is damaged.
    """
    return read_lexicon(lexicon_path(FILES[label])) if label in FILES else Lexicon()


def read_lexicon(path: Path) -> Lexicon:
    """Read and check one TSV file.

    Raises:
        LexiconError: not UTF-8, another header, a row of another length, an empty term, a malformed id or flag, a name
            with two ids, or a parent that no row defines.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"Cannot read the vocabulary {path}: {error}") from error
    return build_lexicon(_rows(text.split("\n"), path), path)


def build_lexicon(rows: Iterable[tuple[int, tuple[str, ...]]], path: Path) -> Lexicon:
    """Turn numbered rows of `COLUMNS` into a lexicon; `path` is named in errors."""
    entries: list[Term] = []
    parents: dict[str, tuple[str, ...]] = {}
    classes: set[str] = set()
    concepts: dict[str, Concept] = {}
    wanted: dict[str, int] = {}
    for number, (text, concept_id, name, vocabulary, parent, _, flags) in rows:
        marks = _flags(flags, path, number)
        concept = concepts.setdefault(concept_id, Concept(concept_id, name, vocabulary or None))
        if concept.name != name:
            raise LexiconError(f"{path}:{number}: {concept_id} is called {name!r} here and {concept.name!r} before.")
        entries.append(_term(text, concept, marks))
        if "class" in marks:
            classes.add(concept_id)
        if parent:
            parents[concept_id] = tuple(parent.split("|"))
            wanted.update(dict.fromkeys(parents[concept_id], number))
    for concept_id, number in wanted.items():
        if concept_id not in concepts:
            raise LexiconError(f"{path}:{number}: the parent {concept_id} is not a concept of this file.")
    return Lexicon(tuple(entries), parents, frozenset(classes))


def _rows(lines: Iterable[str], path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    header_seen = False
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r")
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if not header_seen:
            if cells != COLUMNS:
                raise LexiconError(
                    f"{path}:{number}: the header must be {' '.join(COLUMNS)} (separated by tabs).",
                    what_to_do="See docs/lexicons.md for the format.",
                )
            header_seen = True
            continue
        _check(cells, path, number)
        yield number, cells
    if not header_seen:
        raise LexiconError(f"{path}: no header line; the file is empty.", what_to_do="See docs/lexicons.md.")


def _check(cells: tuple[str, ...], path: Path, number: int) -> None:
    if len(cells) != len(COLUMNS):
        raise LexiconError(f"{path}:{number}: {len(cells)} columns instead of {len(COLUMNS)}.")
    if not cells[0] or not cells[2]:
        raise LexiconError(f"{path}:{number}: the term or its preferred name is empty.")
    ids = [cells[1], *filter(None, cells[4].split("|"))]
    for curie in ids:
        if not _CURIE.fullmatch(curie):
            raise LexiconError(f"{path}:{number}: {curie!r} is not an identifier of the form PREFIX:id.")


def _flags(text: str, path: Path, number: int) -> frozenset[str]:
    marks = frozenset(text.split())
    for mark in marks:
        if not _FLAG.fullmatch(mark):
            raise LexiconError(f"{path}:{number}: unknown flag {mark!r}; known are case, link, class, needs=word,word.")
    return marks


def _term(text: str, concept: Concept, marks: frozenset[str]) -> Term:
    needs = next((mark.removeprefix("needs=").split(",") for mark in marks if mark.startswith("needs=")), [])
    return Term(
        text=text,
        concept=concept,
        case="case" in marks or is_abbreviation(text),
        link_only="link" in marks,
        needs=tuple(word.lower().replace("_", " ") for word in needs),
    )


def is_abbreviation(text: str) -> bool:
    """True for strings that read as abbreviations ("MCD", "CsA", "eGFR", "IF/TA"), which must match as written."""
    letters = [c for c in text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    if " " in text or len(text) > 9 or not letters or text.istitle():
        return len(text) <= 3
    return capitals >= 2 or len(text) <= 3 or (len(text) <= 4 and capitals > 0)
