"""The schema, as steps that are only ever added to.

Place in the flow: applied by `connect.open_store`. A step, once released, is never edited: change the schema with a new
`m00x_…` below it. Views hold no data and are made afresh from `views` after any step.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from pipeline.read.identity import author_key, title_key

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("evidence")

_NO_TITLE_KEY = ("retraction", "correction", "letter")

_M001 = """
CREATE TABLE run (
  id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, extractor_version TEXT NOT NULL,
  arguments TEXT NOT NULL, ingested INTEGER, skipped INTEGER, failed INTEGER
) STRICT;
CREATE TABLE paper (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, doi TEXT, pmid TEXT, pmcid TEXT, title TEXT, journal TEXT,
  year INTEGER, retracted INTEGER NOT NULL DEFAULT 0, language TEXT, design TEXT, n_total INTEGER, population TEXT,
  age_group TEXT, follow_up TEXT, article_type TEXT NOT NULL, authors TEXT, publication_types TEXT, index_terms TEXT,
  registrations TEXT, n_pages INTEGER, coverage REAL, ingested_at TEXT NOT NULL, run INTEGER REFERENCES run(id)
) STRICT;
CREATE INDEX paper_doi ON paper(doi) WHERE doi IS NOT NULL;
CREATE INDEX paper_pmid ON paper(pmid) WHERE pmid IS NOT NULL;
CREATE INDEX paper_pmcid ON paper(pmcid) WHERE pmcid IS NOT NULL;
CREATE INDEX paper_design ON paper(design);
CREATE TABLE source (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE,
  is_used INTEGER NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, record INTEGER NOT NULL, format TEXT NOT NULL,
  sha256 TEXT NOT NULL, extractor_version TEXT NOT NULL, richness INTEGER NOT NULL, doi TEXT, pmid TEXT, pmcid TEXT,
  title TEXT, journal TEXT, year INTEGER, retracted INTEGER NOT NULL, UNIQUE (sha256)
) STRICT;
CREATE INDEX source_paper ON source(paper);
CREATE INDEX source_name ON source(name);
CREATE TABLE file (
  id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL, extractor_version TEXT NOT NULL,
  n_papers INTEGER NOT NULL
) STRICT;
CREATE TABLE failure (
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, stage TEXT NOT NULL, error TEXT NOT NULL, what_to_do TEXT NOT NULL,
  at TEXT NOT NULL, file TEXT NOT NULL, run INTEGER REFERENCES run(id), UNIQUE (source, stage, error)
) STRICT;
CREATE INDEX failure_file ON failure(file);
CREATE TABLE concept (
  id INTEGER PRIMARY KEY, curie TEXT, name TEXT NOT NULL, vocabulary TEXT
) STRICT;
CREATE UNIQUE INDEX concept_identity ON concept(name, ifnull(curie, ''), ifnull(vocabulary, ''));
CREATE INDEX concept_curie ON concept(curie);
CREATE TABLE concept_name (
  id INTEGER PRIMARY KEY, label TEXT NOT NULL, surface TEXT NOT NULL, concept INTEGER NOT NULL REFERENCES concept(id),
  UNIQUE (label, surface, concept)
) STRICT;
CREATE INDEX concept_name_surface ON concept_name(surface);
CREATE TABLE passage (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
  key TEXT NOT NULL UNIQUE, part TEXT NOT NULL, section TEXT NOT NULL, heading TEXT, page INTEGER,
  language TEXT NOT NULL, is_table INTEGER NOT NULL, text TEXT NOT NULL, xpath TEXT, sentences TEXT, boxes BLOB,
  source_start INTEGER, source_end INTEGER, table_label TEXT, table_caption TEXT, table_footnotes TEXT
) STRICT;
CREATE INDEX passage_paper ON passage(paper, ordinal);
CREATE VIRTUAL TABLE passage_fts USING fts5(
  text, content='passage', content_rowid='id', tokenize='porter unicode61'
);
CREATE TRIGGER passage_ai AFTER INSERT ON passage BEGIN
  INSERT INTO passage_fts(rowid, text) VALUES (new.id, new.text); END;
CREATE TRIGGER passage_ad AFTER DELETE ON passage BEGIN
  INSERT INTO passage_fts(passage_fts, rowid, text) VALUES ('delete', old.id, old.text); END;
CREATE TRIGGER passage_au AFTER UPDATE OF text ON passage BEGIN
  INSERT INTO passage_fts(passage_fts, rowid, text) VALUES ('delete', old.id, old.text);
  INSERT INTO passage_fts(rowid, text) VALUES (new.id, new.text); END;
CREATE TABLE cell (
  id INTEGER PRIMARY KEY, passage INTEGER NOT NULL REFERENCES passage(id) ON DELETE CASCADE,
  row_number INTEGER NOT NULL, column_number INTEGER NOT NULL, text TEXT NOT NULL, char_start INTEGER NOT NULL,
  char_end INTEGER NOT NULL, row_span INTEGER NOT NULL, column_span INTEGER NOT NULL, is_header INTEGER NOT NULL,
  column_headers TEXT, row_headers TEXT, marks TEXT, page INTEGER, bbox TEXT, xpath TEXT
) STRICT;
CREATE INDEX cell_passage ON cell(passage);
CREATE TABLE citation (
  id INTEGER PRIMARY KEY, passage INTEGER NOT NULL REFERENCES passage(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, keys TEXT NOT NULL
) STRICT;
CREATE INDEX citation_passage ON citation(passage);
CREATE TABLE reference (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
  key TEXT NOT NULL, text TEXT NOT NULL, authors TEXT, year INTEGER, title TEXT, doi TEXT, pmid TEXT
) STRICT;
CREATE INDEX reference_paper ON reference(paper);
CREATE TABLE read_note (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE, kind TEXT NOT NULL,
  detail TEXT NOT NULL, page INTEGER
) STRICT;
CREATE INDEX read_note_paper ON read_note(paper);
CREATE TABLE abbreviation (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE, short TEXT NOT NULL,
  long TEXT NOT NULL
) STRICT;
CREATE INDEX abbreviation_paper ON abbreviation(paper);
CREATE INDEX abbreviation_short ON abbreviation(short);
CREATE TABLE quote (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE,
  passage INTEGER NOT NULL REFERENCES passage(id) ON DELETE CASCADE, char_start INTEGER NOT NULL,
  char_end INTEGER NOT NULL, text TEXT NOT NULL, source_start INTEGER, source_end INTEGER, page INTEGER, bbox TEXT,
  CHECK (0 <= char_start AND char_start < char_end)
) STRICT;
CREATE INDEX quote_paper ON quote(paper);
CREATE INDEX quote_passage ON quote(passage);
CREATE TABLE mention (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE,
  passage INTEGER NOT NULL REFERENCES passage(id) ON DELETE CASCADE, concept INTEGER REFERENCES concept(id),
  ordinal INTEGER NOT NULL, label TEXT NOT NULL, text TEXT NOT NULL, char_start INTEGER NOT NULL,
  char_end INTEGER NOT NULL, source_start INTEGER, source_end INTEGER, page INTEGER, bbox TEXT, assertion TEXT NOT NULL,
  confidence REAL NOT NULL, extractor TEXT NOT NULL, detail TEXT, CHECK (0 <= char_start AND char_start < char_end)
) STRICT;
CREATE INDEX mention_paper ON mention(paper);
CREATE INDEX mention_passage ON mention(passage);
CREATE INDEX mention_concept ON mention(concept, paper) WHERE concept IS NOT NULL;
CREATE TABLE arm (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE,
  quote INTEGER REFERENCES quote(id) ON DELETE CASCADE, arm_id TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
  n INTEGER, population TEXT, histology TEXT, drugs TEXT NOT NULL, sentence TEXT, attribution TEXT NOT NULL,
  cited_ref TEXT, aliases TEXT
) STRICT;
CREATE INDEX arm_paper ON arm(paper);
CREATE INDEX arm_quote ON arm(quote);
CREATE TABLE arm_histology (
  id INTEGER PRIMARY KEY, arm INTEGER NOT NULL REFERENCES arm(id) ON DELETE CASCADE, name TEXT NOT NULL
) STRICT;
CREATE INDEX arm_histology_arm ON arm_histology(arm);
CREATE INDEX arm_histology_name ON arm_histology(name);
CREATE TABLE paper_histology (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE, name TEXT NOT NULL
) STRICT;
CREATE INDEX paper_histology_paper ON paper_histology(paper);
CREATE INDEX paper_histology_name ON paper_histology(name);
CREATE TABLE drug_use (
  id INTEGER PRIMARY KEY, arm INTEGER NOT NULL REFERENCES arm(id) ON DELETE CASCADE,
  quote INTEGER REFERENCES quote(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL, drug TEXT NOT NULL, drug_id TEXT,
  dose TEXT, dose_value REAL, dose_low REAL, dose_high REAL, dose_sd REAL, dose_unit TEXT, dose_per TEXT,
  frequency TEXT, route TEXT, duration TEXT, target TEXT, target_low REAL, target_high REAL, target_unit TEXT
) STRICT;
CREATE INDEX drug_use_arm ON drug_use(arm);
CREATE INDEX drug_use_quote ON drug_use(quote);
CREATE INDEX drug_use_drug ON drug_use(drug);
CREATE INDEX drug_use_drug_id ON drug_use(drug_id);
CREATE TABLE comparison (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE,
  arm_a INTEGER REFERENCES arm(id) ON DELETE CASCADE, arm_b INTEGER REFERENCES arm(id) ON DELETE CASCADE,
  outcome_concept INTEGER REFERENCES concept(id), quote INTEGER NOT NULL REFERENCES quote(id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL, key TEXT NOT NULL UNIQUE, outcome TEXT NOT NULL, effect_measure TEXT, effect REAL,
  ci_low REAL, ci_high REAL, p_operator TEXT, p_value REAL, direction TEXT, timepoint TEXT, attribution TEXT NOT NULL,
  cited_ref TEXT, confidence REAL NOT NULL
) STRICT;
CREATE INDEX comparison_paper ON comparison(paper);
CREATE INDEX comparison_arm_a ON comparison(arm_a);
CREATE INDEX comparison_arm_b ON comparison(arm_b);
CREATE INDEX comparison_quote_id ON comparison(quote);
CREATE INDEX comparison_outcome_concept ON comparison(outcome_concept);
CREATE TABLE result (
  id INTEGER PRIMARY KEY, paper INTEGER NOT NULL REFERENCES paper(id) ON DELETE CASCADE,
  arm INTEGER REFERENCES arm(id) ON DELETE CASCADE, outcome_concept INTEGER REFERENCES concept(id),
  quote INTEGER NOT NULL REFERENCES quote(id) ON DELETE CASCADE,
  comparison INTEGER REFERENCES comparison(id) ON DELETE SET NULL,
  comparator_arm INTEGER REFERENCES arm(id) ON DELETE SET NULL, ordinal INTEGER NOT NULL, key TEXT NOT NULL UNIQUE,
  outcome TEXT NOT NULL, measure TEXT NOT NULL, text TEXT NOT NULL, value REAL, sd REAL, se REAL, low REAL, high REAL,
  unit TEXT, events REAL, total REAL, percent REAL, timepoint TEXT, attribution TEXT NOT NULL, cited_ref TEXT,
  confidence REAL NOT NULL, comparator_value TEXT, direction TEXT
) STRICT;
CREATE INDEX result_paper ON result(paper);
CREATE INDEX result_arm ON result(arm);
CREATE INDEX result_quote_id ON result(quote);
CREATE INDEX result_comparison ON result(comparison);
CREATE INDEX result_comparator_arm ON result(comparator_arm);
CREATE INDEX result_outcome_concept ON result(outcome_concept);
CREATE INDEX result_outcome ON result(outcome);
CREATE TABLE result_quote (
  id INTEGER PRIMARY KEY, result INTEGER NOT NULL REFERENCES result(id) ON DELETE CASCADE,
  quote INTEGER NOT NULL REFERENCES quote(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL
) STRICT;
CREATE INDEX result_quote_result ON result_quote(result);
CREATE INDEX result_quote_quote ON result_quote(quote);
CREATE TABLE comparison_quote (
  id INTEGER PRIMARY KEY, comparison INTEGER NOT NULL REFERENCES comparison(id) ON DELETE CASCADE,
  quote INTEGER NOT NULL REFERENCES quote(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL
) STRICT;
CREATE INDEX comparison_quote_comparison ON comparison_quote(comparison);
CREATE INDEX comparison_quote_quote ON comparison_quote(quote);
"""

_M002 = """
CREATE TABLE review (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('result', 'comparison')), fingerprint TEXT NOT NULL,
  row_key TEXT NOT NULL, verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'correct', 'reject')), corrections TEXT,
  who TEXT NOT NULL, why TEXT, at TEXT NOT NULL
) STRICT;
CREATE INDEX review_fingerprint ON review(fingerprint);
CREATE TRIGGER review_keeps_its_rows BEFORE UPDATE ON review BEGIN
  SELECT RAISE(ABORT, 'reviews are only added to');
END;
CREATE TRIGGER review_keeps_all_rows BEFORE DELETE ON review BEGIN
  SELECT RAISE(ABORT, 'reviews are only added to');
END;
CREATE TABLE reviewed_result (
  result INTEGER PRIMARY KEY REFERENCES result(id) ON DELETE CASCADE, verdict TEXT NOT NULL, fingerprint TEXT NOT NULL,
  original TEXT NOT NULL
) STRICT;
CREATE TABLE reviewed_comparison (
  comparison INTEGER PRIMARY KEY REFERENCES comparison(id) ON DELETE CASCADE, verdict TEXT NOT NULL,
  fingerprint TEXT NOT NULL, original TEXT NOT NULL
) STRICT;
"""

_M003 = """
ALTER TABLE source ADD COLUMN title_key TEXT;
ALTER TABLE source ADD COLUMN author_key TEXT;
ALTER TABLE source ADD COLUMN retracts TEXT;
CREATE INDEX source_title_key ON source(title_key) WHERE title_key IS NOT NULL;
CREATE INDEX source_retracts ON source(retracts) WHERE retracts IS NOT NULL;
UPDATE source SET richness = richness + 1000000000000;
"""

# `--histology` asks for names in lower case.
_M004 = """
CREATE INDEX arm_histology_lower ON arm_histology(lower(name), arm);
CREATE INDEX paper_histology_lower ON paper_histology(lower(name), paper);
"""


def statements(script: str) -> list[str]:
    """Split a script into statements, keeping trigger bodies whole (`executescript` would end the transaction)."""
    found, part = [], ""
    for line in script.strip().splitlines():
        part += line + "\n"
        in_trigger = part.lstrip().startswith("CREATE TRIGGER")
        if line.rstrip().endswith("END;" if in_trigger else ";"):
            found.append(part.strip())
            part = ""
    return found


@migrations()
def m001_first_schema(db: Database) -> None:
    """Papers, passages with full text search, mentions, arms, results, comparisons, quotes, runs and failures."""
    for statement in statements(_M001):
        db.conn.execute(statement)


@migrations()
def m002_reviews(db: Database) -> None:
    """What reviewers said of rows (only added to), and which rows it changed."""
    for statement in statements(_M002):
        db.conn.execute(statement)


@migrations()
def m003_one_paper_by_title(db: Database) -> None:
    """Keys of title and first author per source, what a notice retracts, and a level more of richness.

    Sources stored before have no author key of their own: the first author is the paper's.
    """
    for statement in statements(_M003):
        db.conn.execute(statement)
    rows = db.conn.execute(
        "SELECT s.id, s.title, p.article_type, p.authors FROM source s JOIN paper p ON p.id = s.paper"
    ).fetchall()
    for number, title, article_type, authors in rows:
        names = tuple(json.loads(authors)) if authors else ()
        key = None if article_type in _NO_TITLE_KEY else title_key(title)
        db.conn.execute(
            "UPDATE source SET title_key = ?, author_key = ? WHERE id = ?", (key, author_key(names), number)
        )


@migrations()
def m004_lesions_in_lower_case(db: Database) -> None:
    """Lesions are found by their names in lower case."""
    for statement in statements(_M004):
        db.conn.execute(statement)
