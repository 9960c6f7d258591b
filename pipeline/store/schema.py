"""The tables that one paper fills: names, columns, and which columns point to which table.

Place in the flow: shared by `rows` (which makes tuples in this order) and `load` (which writes them). The SQL that
creates the tables stands in `migrations`; a test holds both against each other.

A row is a tuple: its own local number, then the local numbers of the rows it refers to, then its values. Local numbers
count from 0 inside one paper, so rows can be made in any process and in any order of papers; the writer adds offsets.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Value = str | int | float | bytes | None
Row = tuple[Value, ...]

APPLICATION_ID = 0x45564944  # "EVID", written into the file header so that other SQLite files are recognised


@dataclass(frozen=True, slots=True)
class Table:
    """`refs` are `(column, table)` pairs right after the id; "paper" stands for the paper's own row."""

    name: str
    refs: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]

    @property
    def insert(self) -> str:
        """The INSERT statement with one placeholder per column."""
        names = ["id", *(column for column, _ in self.refs), *self.columns]
        marks = ", ".join("?" * len(names))
        return f"INSERT INTO {self.name} ({', '.join(names)}) VALUES ({marks})"


PASSAGE = Table(
    "passage",
    (("paper", "paper"),),
    (
        "ordinal", "key", "part", "section", "heading", "page", "language", "is_table", "text", "xpath", "sentences",
        "boxes", "source_start", "source_end", "table_label", "table_caption", "table_footnotes",
    ),
)  # fmt: skip
CELL = Table(
    "cell",
    (("passage", "passage"),),
    (
        "row_number", "column_number", "text", "char_start", "char_end", "row_span", "column_span", "is_header",
        "column_headers", "row_headers", "marks", "page", "bbox", "xpath",
    ),
)  # fmt: skip
CITATION = Table("citation", (("passage", "passage"),), ("position", "keys"))
REFERENCE = Table(
    "reference", (("paper", "paper"),), ("ordinal", "key", "text", "authors", "year", "title", "doi", "pmid")
)
READ_NOTE = Table("read_note", (("paper", "paper"),), ("kind", "detail", "page"))
ABBREVIATION = Table("abbreviation", (("paper", "paper"),), ("short", "long"))
QUOTE = Table(
    "quote",
    (("paper", "paper"), ("passage", "passage")),
    ("char_start", "char_end", "text", "source_start", "source_end", "page", "bbox"),
)
MENTION = Table(
    "mention",
    (("paper", "paper"), ("passage", "passage"), ("concept", "concept")),
    (
        "ordinal", "label", "text", "char_start", "char_end", "source_start", "source_end", "page", "bbox", "assertion",
        "confidence", "extractor", "detail",
    ),
)  # fmt: skip
ARM = Table(
    "arm",
    (("paper", "paper"), ("quote", "quote")),
    (
        "arm_id", "name", "role", "n", "population", "histology", "drugs", "sentence", "attribution", "cited_ref",
        "aliases",
    ),
)  # fmt: skip
ARM_HISTOLOGY = Table("arm_histology", (("arm", "arm"),), ("name",))
PAPER_HISTOLOGY = Table("paper_histology", (("paper", "paper"),), ("name",))
DRUG_USE = Table(
    "drug_use",
    (("arm", "arm"), ("quote", "quote")),
    (
        "ordinal", "drug", "drug_id", "dose", "dose_value", "dose_low", "dose_high", "dose_sd", "dose_unit", "dose_per",
        "frequency", "route", "duration", "target", "target_low", "target_high", "target_unit",
    ),
)  # fmt: skip
COMPARISON = Table(
    "comparison",
    (("paper", "paper"), ("arm_a", "arm"), ("arm_b", "arm"), ("outcome_concept", "concept"), ("quote", "quote")),
    (
        "ordinal", "key", "outcome", "effect_measure", "effect", "ci_low", "ci_high", "p_operator", "p_value",
        "direction", "timepoint", "attribution", "cited_ref", "confidence",
    ),
)  # fmt: skip
RESULT = Table(
    "result",
    (
        ("paper", "paper"), ("arm", "arm"), ("outcome_concept", "concept"), ("quote", "quote"),
        ("comparison", "comparison"), ("comparator_arm", "arm"),
    ),
    (
        "ordinal", "key", "outcome", "measure", "text", "value", "sd", "se", "low", "high", "unit", "events", "total",
        "percent", "timepoint", "attribution", "cited_ref", "confidence", "comparator_value", "direction",
    ),
)  # fmt: skip
RESULT_QUOTE = Table("result_quote", (("result", "result"), ("quote", "quote")), ("ordinal",))
COMPARISON_QUOTE = Table("comparison_quote", (("comparison", "comparison"), ("quote", "quote")), ("ordinal",))

# In the order of writing: a row only refers to tables above its own.
PAPER_TABLES: tuple[Table, ...] = (
    PASSAGE, CELL, CITATION, REFERENCE, READ_NOTE, ABBREVIATION, QUOTE, MENTION, ARM, ARM_HISTOLOGY, PAPER_HISTOLOGY,
    DRUG_USE, COMPARISON, RESULT, RESULT_QUOTE, COMPARISON_QUOTE,
)  # fmt: skip

# Columns of `paper` that come from the content, and of `source`, one row per file that told of the paper.
PAPER_COLUMNS = (
    "language", "design", "n_total", "population", "age_group", "follow_up", "article_type", "authors",
    "publication_types", "index_terms", "registrations", "n_pages", "coverage",
)  # fmt: skip
SOURCE_COLUMNS = (
    "name", "path", "record", "format", "sha256", "extractor_version", "richness", "doi", "pmid", "pmcid", "title",
    "journal", "year", "retracted", "title_key", "author_key", "retracts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperRows:
    """Everything one paper puts into the database: plain values that cross process borders and make Parquet shards.

    `concepts` are `(curie, name, vocabulary)`; rows refer to them by position. `names` are `(label, surface, concept)`:
    the strings under which a concept was met.
    """

    key: str
    paper: dict[str, Value]
    source: dict[str, Value]
    concepts: tuple[tuple[str | None, str, str | None], ...] = ()
    names: tuple[tuple[str, str, int], ...] = ()
    tables: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        """Results and comparisons: what a user counts as rows."""
        return len(self.tables.get("result", ())) + len(self.tables.get("comparison", ()))
