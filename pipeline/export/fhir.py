"""Results and comparisons as FHIR R5 Evidence resources in one Bundle (HL7 FHIR 5.0.0, resource Evidence).

A result has the roles population, exposure and measured variable; a comparison also the reference exposure. Values keep
their unit (UCUM where we know it); the quote is the note. Status is "draft": nobody has reviewed the extraction.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pipeline.export.selection import Row, Selection, Value
from pipeline.store import Store

_ROLES = "http://terminology.hl7.org/CodeSystem/variable-role"
_UCUM = "http://unitsofmeasure.org"
_Part = dict[str, Any]


def write(store: Store, selection: Selection, folder: Path) -> list[Path]:
    """`evidence.fhir.json`: a Bundle of type collection."""
    titles = {row["paper_id"]: row for row in selection.rows(store, "papers")}
    entries = [_entry(_result(row, titles[row["paper_id"]])) for row in selection.rows(store, "results")]
    entries += [_entry(_comparison(row, titles[row["paper_id"]])) for row in selection.rows(store, "comparisons")]
    bundle: _Part = {"resourceType": "Bundle", "type": "collection", **({"entry": entries} if entries else {})}
    path = folder / "evidence.fhir.json"
    path.write_text(json.dumps(bundle, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [path]


def _entry(resource: _Part) -> _Part:
    return {"fullUrl": f"urn:evidence:{resource['id']}", "resource": resource}


def _result(row: Row, paper: Row) -> _Part:
    variables = [
        _variable("population", row["population"]),
        _variable("exposure", _arm(row["arm"], row["drugs"])),
        _variable("measuredVariable", row["outcome"]),
    ]
    return _evidence(str(row["result_id"]), row, paper, variables, [_result_statistic(row)])


def _comparison(row: Row, paper: Row) -> _Part:
    variables = [
        _variable("exposure", _arm(row["arm_a"], row["drugs_a"])),
        _variable("referenceExposure", _arm(row["arm_b"], row["drugs_b"])),
        _variable("measuredVariable", row["outcome"]),
    ]
    return _evidence(str(row["comparison_id"]), row, paper, variables, _comparison_statistics(row))


def _evidence(key: str, row: Row, paper: Row, variables: list[_Part | None], statistics: list[_Part]) -> _Part:
    # Ids of FHIR are 1 to 64 letters, digits, "-" and "."; ours hold "/" and "#".
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    place = [f"{name} {row[column]}" for name, column in (("page", "page"), ("section", "section")) if row[column]]
    resource: _Part = {
        "resourceType": "Evidence",
        "id": f"e-{digest}",
        "identifier": [{"system": "urn:evidence:row", "value": key}],
        "status": "draft",
        "citeAsMarkdown": ", ".join(str(paper[k]) for k in ("title", "journal", "year", "paper_id") if paper[k]),
        "note": [{"text": f"“{row['quote']}” ({', '.join(place)})"}],
        "variableDefinition": [variable for variable in variables if variable],
    }
    if paper["design"]:
        resource["studyDesign"] = [{"text": paper["design"]}]
    kept = [statistic for statistic in statistics if statistic]
    return {**resource, "statistic": kept} if kept else resource


def _variable(role: str, text: Value) -> _Part | None:
    if text is None:
        return None
    return {"description": str(text), "variableRole": {"coding": [{"system": _ROLES, "code": role}]}}


def _arm(name: Value, drugs: Value) -> str | None:
    given = " + ".join(json.loads(str(drugs))) if drugs else ""
    parts = [str(part) for part in (name, given) if part]
    return ": ".join(parts) or None


def _result_statistic(row: Row) -> _Part:
    number = row["percent"] if row["value"] is None else row["value"]
    statistic: _Part = {"statisticType": {"text": row["measure"]}}
    if number is not None:
        statistic["quantity"] = _quantity(number, "%" if row["value"] is None else row["unit"])
    if isinstance(events := row["events"], float) and events >= 0 and events.is_integer():
        statistic["numberOfEvents"] = int(events)
    if isinstance(total := row["total"], float) and total >= 0 and total.is_integer():
        statistic["sampleSize"] = {"knownDataCount": int(total)}
    spread = [
        _estimate(name, row[column], row["unit"])
        for name, column in (("Standard deviation", "sd"), ("Standard error", "se"))
    ]
    spread.append(_range("Range", row["low"], row["high"], row["unit"]))
    kept = [estimate for estimate in spread if estimate]
    return {**statistic, "attributeEstimate": kept} if kept else statistic


def _comparison_statistics(row: Row) -> list[_Part]:
    attributes: list[_Part | None] = [_range("Confidence interval", row["ci_low"], row["ci_high"], None)]
    if row["p_value"] is not None:
        attributes.append({"type": {"text": "P-value"}, "quantity": _p_quantity(row)})
    kept = [attribute for attribute in attributes if attribute]
    if row["effect"] is None and not kept:
        return [{"description": str(row["direction"])}] if row["direction"] else []
    statistic: _Part = {"statisticType": {"text": row["effect_measure"] or "difference"}}
    if row["effect"] is not None:
        statistic["quantity"] = _quantity(row["effect"], None)
    if row["direction"]:
        statistic["description"] = str(row["direction"])
    return [{**statistic, "attributeEstimate": kept} if kept else statistic]


def _p_quantity(row: Row) -> _Part:
    operator = row["p_operator"]
    quantity: _Part = {"value": row["p_value"]}
    return {**quantity, "comparator": operator} if operator in ("<", "<=", ">", ">=") else quantity


def _quantity(value: Value, unit: Value) -> _Part:
    quantity: _Part = {"value": value}
    return {**quantity, "unit": str(unit), "system": _UCUM, "code": str(unit)} if unit else quantity


def _estimate(kind: str, value: Value, unit: Value) -> _Part | None:
    return None if value is None else {"type": {"text": kind}, "quantity": _quantity(value, unit)}


def _range(kind: str, low: Value, high: Value, unit: Value) -> _Part | None:
    ends = {name: _quantity(value, unit) for name, value in (("low", low), ("high", high)) if value is not None}
    return {"type": {"text": kind}, "range": ends} if ends else None
