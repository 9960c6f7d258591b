"""What every view and column means: the text of docs/schema.md and of the column help in the browser.

Place in the flow: beside `views`; a test holds the names against the database.
"""

from __future__ import annotations

VIEW_HELP: dict[str, str] = {
    "papers": "One row per paper, whatever the number of files that tell of it.",
    "passages": "The text that was read, paragraph by paragraph, in reading order.",
    "mentions": "Every drug, dose, lesion, condition, outcome, number … that was recognised, with its concept.",
    "regimens": "One row per arm and drug: who got what, how much, how often. An arm without drugs has one row.",
    "results": "One row per arm, outcome and time point, with its numbers.",
    "comparisons": "One row per contrast: two arms, or one arm before and after (`arm_b` is NULL).",
    "evidence": "One flat row per result with its comparison beside it, for people.",
    "failures": "Sources, or records of them, that did not become rows. Nothing of them is half stored.",
}

_PAPER = "Id of the paper: the DOI, else `pmid:…`, else `pmcid:…`, else `sha256:…` of the content."
_ATTRIBUTION = "`own` (this study's), `cited` (another study's) or `background` (a general statement)."
_CITED = "What a cited finding points to, as printed: a reference number, or author and year."
_QUOTE = "The exact words of the passage that the row rests on."
_PAGE = "Page of the PDF, from 1. NULL for text and XML."
_BBOX = "`[x0, top, x1, bottom]` in PDF points from the top left corner of `page`: the box around the words."
_START = "Offset in the decoded text of the source file, from 0. NULL for PDF."
_END = "End of the same range, exclusive."
_CONFIDENCE = "0 to 1: how sure the extraction is. An order, not a probability."
_POPULATION = "Who was studied, as printed."
_HISTOLOGY = "Lesions of the arm, preferred names, separated by `; `."
_OUTCOME = "What was measured, as the paper says it."
_CONCEPT = "Preferred name of the outcome, if it is known to the lexicon."
_SECTION = "Where it stands: `title`, `abstract`, `abstract: results`, `results`, `table`, …"
_TIME = "When it was measured, as printed."
_DRUGS = "Generic names of the arm's drugs: a sorted JSON list."

# When, on whose word and where: the last columns of every view of findings.
_PROOF = {
    "timepoint": _TIME,
    "attribution": _ATTRIBUTION,
    "cited_ref": _CITED,
    "quote": _QUOTE,
    "section": _SECTION,
    "page": _PAGE,
    "bbox": _BBOX,
    "source_start": _START,
    "source_end": _END,
    "confidence": _CONFIDENCE,
}

COLUMN_HELP: dict[str, dict[str, str]] = {
    "papers": {
        "paper_id": _PAPER,
        "source": "Name of the file as it was given to `ingest`; of several, the one that tells most.",
        "format": "`text`, `pubmed-text`, `medline`, `medline-xml`, `ris`, `jats` or `pdf`.",
        "title": "Title.",
        "journal": "Journal, as the source names it.",
        "year": "Year of publication.",
        "doi": "DOI, lower case.",
        "pmid": "PubMed id.",
        "pmcid": "PubMed Central id, with `PMC`.",
        "language": "ISO 639-1 code of the paper's language.",
        "design": "Study design, such as `randomised controlled trial`, `cohort`, `case report`, `review`.",
        "n_total": "Number of people studied.",
        "sha256": "SHA-256 of the record's bytes.",
        "extractor_version": "What made the rows: release, and digest of code, lexicons and models.",
        "coverage": "Share of the source's characters that were read, 0 to 1.",
        "ingested_at": "UTC time of storing.",
    },
    "passages": {
        "passage_id": "`paper_id#P` and a number in reading order.",
        "paper_id": _PAPER,
        "section": _SECTION,
        "page": _PAGE,
        "text": "Repaired text: hyphenation and broken words mended, nothing else changed. A table has a line per row"
        " and a tab between cells.",
        "language": "ISO 639-1 code; only English passages are tagged.",
        "is_table": "1 for a table.",
    },
    "mentions": {
        "mention_id": "`paper_id#M` and a number in reading order.",
        "paper_id": _PAPER,
        "passage_id": "The passage it stands in.",
        "label": "DRUG, DOSE, HISTOLOGY, CONDITION, OUTCOME, POPULATION, ARM, STATISTIC, TIMEPOINT, FREQUENCY, ROUTE or"
        " DURATION.",
        "text": "The words.",
        "char_start": "Offset in the passage's text, from 0.",
        "char_end": _END,
        "source_start": _START,
        "source_end": _END,
        "page": _PAGE,
        "bbox": _BBOX,
        "concept_id": "CURIE of the concept, such as `UNII:…` or `NCIT:…`.",
        "preferred_name": "The concept's name; the generic name of a drug.",
        "vocabulary": "Where the concept comes from.",
        "assertion": "`present`, `negated` or `hypothetical`.",
        "confidence": _CONFIDENCE,
    },
    "regimens": {
        "paper_id": _PAPER,
        "arm_id": "Arm within the paper: `A1`, `A2`, …",
        "arm": "Name of the arm, as the paper calls it.",
        "role": "`intervention`, `comparator`, `background` (given to all) or `previous` (failed or stopped before).",
        "n": "People in the arm.",
        "population": _POPULATION,
        "histology": _HISTOLOGY,
        "drug": "Generic name, lower case, or a class such as `corticosteroid`. NULL for an arm without drugs.",
        "drug_id": "CURIE of the drug.",
        "dose": "The dose as printed.",
        "dose_low": "Lowest amount; equal to `dose_high` for a single value.",
        "dose_high": "Highest amount.",
        "dose_unit": "Unit in UCUM: `mg`, `mg/kg`, `mg/kg/d`, `mg/m2`, …",
        "dose_per": "Interval in UCUM (`d`, `wk`) where the amount is printed per interval.",
        "frequency": "Schedule as printed: `twice daily`, `on alternate days`.",
        "route": "Route of administration.",
        "duration": "How long, as printed.",
        "target_low": "Lowest drug level aimed at.",
        "target_high": "Highest drug level aimed at.",
        "target_unit": "Unit of the level, UCUM.",
        "attribution": _ATTRIBUTION,
        "quote": _QUOTE,
        "page": _PAGE,
    },
    "results": {
        "result_id": "`paper_id#R` and a number.",
        "paper_id": _PAPER,
        "arm_id": "Arm within the paper. NULL if the text does not say whose result it is.",
        "arm": "Name of the arm.",
        "drugs": _DRUGS,
        "population": _POPULATION,
        "histology": _HISTOLOGY,
        "outcome": _OUTCOME,
        "outcome_concept": _CONCEPT,
        "measure": "`mean`, `median`, `proportion`, `count`, `rate`, `change`, `percent change` or `other`.",
        "value": "The number.",
        "sd": "Standard deviation.",
        "se": "Standard error.",
        "low": "Lower end of the printed interval or range.",
        "high": "Upper end of it.",
        "unit": "Unit in UCUM, or as printed where UCUM has none.",
        "events": "People (or events) counted.",
        "total": "Out of how many.",
        "percent": "Percentage as printed.",
        **_PROOF,
    },
    "comparisons": {
        "comparison_id": "`paper_id#C` and a number.",
        "paper_id": _PAPER,
        "arm_a": "Arm within the paper.",
        "arm_b": "The arm it is compared with. NULL for before and after.",
        "drugs_a": _DRUGS,
        "drugs_b": _DRUGS,
        "outcome": _OUTCOME,
        "outcome_concept": _CONCEPT,
        "effect_measure": "`hazard ratio`, `odds ratio`, `risk ratio`, `difference`, `correlation`, …",
        "effect": "Size of the effect.",
        "ci_low": "Lower end of its confidence interval.",
        "ci_high": "Upper end of it.",
        "p_operator": "`<`, `=`, `>`, `<=` or `>=`, as printed before the P value.",
        "p_value": "P value.",
        "direction": "`increased`, `decreased` or `no difference`: of the outcome in arm_a relative to arm_b, or after"
        " relative to before.",
        **_PROOF,
    },
    "evidence": {
        "paper": _PAPER,
        "year": "Year of publication.",
        "design": "Study design.",
        "population": _POPULATION,
        "histology": _HISTOLOGY,
        "regimen": "The arm's drugs with doses, schedule, route and duration, as a sentence.",
        "comparator": "The same of the arm it was compared with.",
        "outcome": _OUTCOME,
        "value": "The value as printed.",
        "comparator_value": "The other arm's value as printed.",
        "p": "P value with its operator.",
        "direction": "Of the outcome in this row's arm relative to the comparator, or after relative to before.",
        "timepoint": _TIME,
        "attribution": _ATTRIBUTION,
        "quote": _QUOTE,
        "page": _PAGE,
    },
    "failures": {
        "source": "File, with `#` and the record's number for a file of many.",
        "stage": "`find`, `read`, `tag`, `relate`, `assemble` or `load`.",
        "error": "What happened.",
        "what_to_do": "The next step.",
        "at": "UTC time.",
    },
}
