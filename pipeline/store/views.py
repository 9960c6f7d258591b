"""The public views: the contract of docs/schema.md, names, columns and order.

Place in the flow: made by `connect` after the tables. Everything that users, notebooks and exports read goes through
these; the tables behind them may change.
"""

from __future__ import annotations

_MENTION_ID = "p.key || '#M' || m.ordinal"

_DRUG_LIST = "CASE WHEN {arm}.id IS NULL THEN NULL ELSE {arm}.drugs END"

# A reviewer's rejection takes a row out of every view; corrections are written into the row itself.
_NOT_REJECTED = "LEFT JOIN reviewed_{kind} v ON v.{kind} = r.id WHERE v.verdict IS NOT 'reject'"

VIEWS: dict[str, str] = {
    "papers": """
SELECT p.key AS paper_id, s.name AS source, s.format AS format, p.title AS title, p.journal AS journal, p.year AS year,
  p.doi AS doi, p.pmid AS pmid, p.pmcid AS pmcid, p.language AS language, p.design AS design, p.n_total AS n_total,
  s.sha256 AS sha256, s.extractor_version AS extractor_version, p.coverage AS coverage, p.ingested_at AS ingested_at
FROM paper p JOIN source s ON s.paper = p.id AND s.is_used = 1""",
    "passages": """
SELECT x.key AS passage_id, p.key AS paper_id, x.section AS section, x.page AS page, x.text AS text,
  x.language AS language, x.is_table AS is_table
FROM passage x JOIN paper p ON p.id = x.paper""",
    "mentions": f"""
SELECT {_MENTION_ID} AS mention_id, p.key AS paper_id, x.key AS passage_id, m.label AS label, m.text AS text,
  m.char_start AS char_start, m.char_end AS char_end, m.source_start AS source_start, m.source_end AS source_end,
  m.page AS page, m.bbox AS bbox, c.curie AS concept_id, c.name AS preferred_name, c.vocabulary AS vocabulary,
  m.assertion AS assertion, m.confidence AS confidence
FROM mention m JOIN paper p ON p.id = m.paper JOIN passage x ON x.id = m.passage LEFT JOIN concept c ON c.id = m.concept
""",
    "regimens": """
SELECT p.key AS paper_id, a.arm_id AS arm_id, a.name AS arm, a.role AS role, a.n AS n,
  ifnull(a.population, p.population) AS population, a.histology AS histology, d.drug AS drug, d.drug_id AS drug_id,
  d.dose AS dose, d.dose_low AS dose_low, d.dose_high AS dose_high, d.dose_unit AS dose_unit, d.dose_per AS dose_per,
  d.frequency AS frequency, d.route AS route, d.duration AS duration, d.target_low AS target_low,
  d.target_high AS target_high, d.target_unit AS target_unit, a.attribution AS attribution, q.text AS quote,
  q.page AS page
FROM arm a JOIN paper p ON p.id = a.paper LEFT JOIN drug_use d ON d.arm = a.id
LEFT JOIN quote q ON q.id = ifnull(d.quote, a.quote)""",
    "results": f"""
SELECT r.key AS result_id, p.key AS paper_id, a.arm_id AS arm_id, a.name AS arm, {_DRUG_LIST.format(arm="a")} AS drugs,
  ifnull(a.population, p.population) AS population, a.histology AS histology, r.outcome AS outcome,
  c.name AS outcome_concept, r.measure AS measure, r.value AS value, r.sd AS sd, r.se AS se, r.low AS low,
  r.high AS high, r.unit AS unit, r.events AS events, r.total AS total, r.percent AS percent, r.timepoint AS timepoint,
  r.attribution AS attribution, r.cited_ref AS cited_ref, q.text AS quote, x.section AS section, q.page AS page,
  q.bbox AS bbox, q.source_start AS source_start, q.source_end AS source_end, r.confidence AS confidence
FROM result r JOIN paper p ON p.id = r.paper JOIN quote q ON q.id = r.quote JOIN passage x ON x.id = q.passage
LEFT JOIN arm a ON a.id = r.arm LEFT JOIN concept c ON c.id = r.outcome_concept
{_NOT_REJECTED.format(kind="result")}""",
    "comparisons": f"""
SELECT r.key AS comparison_id, p.key AS paper_id, a.arm_id AS arm_a, b.arm_id AS arm_b,
  {_DRUG_LIST.format(arm="a")} AS drugs_a, {_DRUG_LIST.format(arm="b")} AS drugs_b, r.outcome AS outcome,
  c.name AS outcome_concept, r.effect_measure AS effect_measure, r.effect AS effect, r.ci_low AS ci_low,
  r.ci_high AS ci_high, r.p_operator AS p_operator, r.p_value AS p_value, r.direction AS direction,
  r.timepoint AS timepoint, r.attribution AS attribution, r.cited_ref AS cited_ref, q.text AS quote,
  x.section AS section, q.page AS page, q.bbox AS bbox, q.source_start AS source_start, q.source_end AS source_end,
  r.confidence AS confidence
FROM comparison r JOIN paper p ON p.id = r.paper JOIN quote q ON q.id = r.quote JOIN passage x ON x.id = q.passage
LEFT JOIN arm a ON a.id = r.arm_a LEFT JOIN arm b ON b.id = r.arm_b LEFT JOIN concept c ON c.id = r.outcome_concept
{_NOT_REJECTED.format(kind="comparison")}""",
    # evidence_row is evidence with the ids of its rows; `evidence` keeps to the contract's columns.
    "evidence_row": f"""
SELECT r.key AS result_id, k.key AS comparison_id, p.key AS paper, p.year AS year, p.design AS design,
  ifnull(a.population, p.population) AS population, a.histology AS histology, ifnull(a.sentence, a.name) AS regimen,
  ifnull(b.sentence, b.name) AS comparator, r.outcome AS outcome, r.text AS value, r.comparator_value,
  CASE WHEN k.p_value IS NULL THEN NULL ELSE ifnull(k.p_operator, '=') || ' ' || printf('%g', k.p_value) END AS p,
  r.direction AS direction, ifnull(r.timepoint, k.timepoint) AS timepoint, r.attribution AS attribution,
  q.text AS quote, q.page AS page, x.section AS section, q.source_start AS source_start, q.source_end AS source_end,
  r.confidence AS confidence, v.verdict AS verdict
FROM result r JOIN paper p ON p.id = r.paper JOIN quote q ON q.id = r.quote JOIN passage x ON x.id = q.passage
LEFT JOIN arm a ON a.id = r.arm
LEFT JOIN comparison k ON k.id = r.comparison
  AND k.id NOT IN (SELECT comparison FROM reviewed_comparison WHERE verdict = 'reject')
LEFT JOIN arm b ON b.id = r.comparator_arm
{_NOT_REJECTED.format(kind="result")}""",
    "evidence": """
SELECT paper, year, design, population, histology, regimen, comparator, outcome, value, comparator_value, p, direction,
  timepoint, attribution, quote, page
FROM evidence_row""",
    "failures": """
SELECT source, stage, error, what_to_do, at FROM failure""",
}


def view_statements() -> list[str]:
    """Statements that replace every view."""
    drops = [f"DROP VIEW IF EXISTS {name}" for name in reversed(VIEWS)]
    return drops + [f"CREATE VIEW {name} AS{select}" for name, select in VIEWS.items()]
