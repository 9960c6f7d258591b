"""The schema: steps, tables, and the contract's views."""

from __future__ import annotations

import re

from sqlite_utils import Database

from pipeline.store import SCHEMA_VERSION, Store
from pipeline.store.migrations import migrations
from pipeline.store.schema import PAPER_COLUMNS, PAPER_TABLES, SOURCE_COLUMNS

CONTRACT = {
    "papers": "paper_id source format title journal year doi pmid pmcid language design n_total sha256"
    " extractor_version coverage ingested_at",
    "passages": "passage_id paper_id section page text language is_table",
    "mentions": "mention_id paper_id passage_id label text char_start char_end source_start source_end page bbox"
    " concept_id preferred_name vocabulary assertion confidence",
    "regimens": "paper_id arm_id arm role n population histology drug drug_id dose dose_low dose_high dose_unit"
    " dose_per frequency route duration target_low target_high target_unit attribution quote page",
    "results": "result_id paper_id arm_id arm drugs population histology outcome outcome_concept measure value sd se"
    " low high unit events total percent timepoint attribution cited_ref quote section page bbox source_start"
    " source_end confidence",
    "comparisons": "comparison_id paper_id arm_a arm_b drugs_a drugs_b outcome outcome_concept effect_measure effect"
    " ci_low ci_high p_operator p_value direction timepoint attribution cited_ref quote section page bbox source_start"
    " source_end confidence",
    "evidence": "paper year design population histology regimen comparator outcome value comparator_value p direction"
    " timepoint attribution quote page",
    "failures": "source stage error what_to_do at",
}


def columns(store: Store, name: str) -> list[str]:
    return [str(row["name"]) for row in store.rows(f"PRAGMA table_info({name})")]


def test_views_have_the_columns_of_the_contract_in_order(store: Store) -> None:
    assert {view: columns(store, view) for view in CONTRACT} == {v: c.split() for v, c in CONTRACT.items()}


def test_rows_are_written_in_the_columns_that_the_tables_have(store: Store) -> None:
    for table in PAPER_TABLES:
        assert columns(store, table.name) == ["id", *(name for name, _ in table.refs), *table.columns]
    assert set(PAPER_COLUMNS) <= set(columns(store, "paper"))
    assert columns(store, "source")[3:] == list(SOURCE_COLUMNS)


def test_every_table_is_strict_and_every_foreign_key_is_indexed(store: Store) -> None:
    tables = store.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    ours = {
        str(t["name"]): str(t["sql"]) for t in tables if not re.match(r"sqlite_|_sqlite|passage_fts", str(t["name"]))
    }
    assert len(ours) > 15
    for name, sql in ours.items():
        assert sql.rstrip().endswith("STRICT"), name
        leading = {columns_of_index(store, str(i["name"]))[0] for i in store.rows(f"PRAGMA index_list({name})")}
        leading |= {row["name"] for row in store.rows(f"PRAGMA table_info({name})") if row["pk"]}
        for key in store.rows(f"PRAGMA foreign_key_list({name})"):
            if key["table"] not in ("run", "concept"):  # nothing deletes these
                assert key["from"] in leading, f"{name}.{key['from']}"


def columns_of_index(store: Store, index: str) -> list[str]:
    return [str(row["name"]) for row in store.rows(f"PRAGMA index_info({index})")]


def test_steps_are_numbered_without_gaps_and_counted(store: Store) -> None:
    names = [step.name for step in migrations.applied(Database(store.connection))]
    assert [int(name[1:4]) for name in names] == list(range(1, len(names) + 1))
    assert len(names) == SCHEMA_VERSION


def test_foreign_keys_wal_and_full_text_are_on(store: Store) -> None:
    assert next(store.rows("PRAGMA foreign_keys"))["foreign_keys"] == 1
    assert next(store.rows("PRAGMA journal_mode"))["journal_mode"] == "wal"
    sql = next(store.rows("SELECT sql FROM sqlite_master WHERE name = 'passage_fts'"))["sql"]
    assert "porter unicode61" in str(sql)
