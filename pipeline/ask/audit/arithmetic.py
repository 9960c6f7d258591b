"""Checks inside one row: share, range, GRIM, and effect against interval against p."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from pipeline.ask.audit.finding import Finding, Row, Severity, number, page_of, printed_decimals, rows_of
from pipeline.store import Store

# Outcomes counted in whole numbers per person, whose means GRIM can test.
_COUNTED = re.compile(r"^(?:mean |average |total )*(?:number|no\.|count)s? of\b", re.IGNORECASE)
_RATIOS = frozenset({"hazard ratio", "odds ratio", "risk ratio"})
_FAR_IN, _FAR_OUT = 0.04, 0.06  # p-values nearer to 0.05 may differ by test or rounding alone


def findings(store: Store, paper: str) -> Iterator[Finding]:
    """All findings of the results and comparisons of one paper."""
    sql = "SELECT v.*, r.text AS printed, a.n AS arm_n FROM results v JOIN result r ON r.key = v.result_id"
    for row in rows_of(store, f"{sql} LEFT JOIN arm a ON a.id = r.arm WHERE v.paper_id = ?", paper):
        for check, severity, explanation in (*_share(row), *_range(row), *_grim(row)):
            yield _finding(row, check, severity, explanation, str(row["result_id"]))
    for row in rows_of(store, "SELECT * FROM comparisons WHERE paper_id = ?", paper):
        for check, severity, explanation in _interval(row):
            yield _finding(row, check, severity, explanation, str(row["comparison_id"]))


_Said = Iterator[tuple[str, Severity, str]]


def _finding(row: Row, check: str, severity: Severity, explanation: str, row_id: str) -> Finding:
    return Finding(str(row["paper_id"]), check, severity, row_id, str(row["quote"]), explanation, page_of(row))


def _share(row: Row) -> _Said:
    events, total, percent = (number(row[name]) for name in ("events", "total", "percent"))
    if percent is not None and row["measure"] == "proportion" and not 0 <= percent <= 100:
        yield "share", Severity.ERROR, f"{percent:g}% of people cannot be."
    if events is None or total is None or total <= 0:
        return
    if events > total:
        yield "share", Severity.ERROR, f"{events:g} of {total:g} cannot be."
    elif percent is not None:
        places = printed_decimals(str(row["printed"]), percent)
        exact = 100 * events / total
        # Half a digit for rounding; authors also cut digits off, so a whole one is let pass.
        if places is not None and abs(exact - percent) > 1.01 * 10**-places:
            yield (
                "share",
                Severity.WARNING,
                f"{events:g} of {total:g} is {exact:.{places + 1}f}%, printed {percent:.{places}f}%.",
            )


def _range(row: Row) -> _Said:
    low, value, high = (number(row[name]) for name in ("low", "value", "high"))
    if low is not None and high is not None and low > high:
        yield "range", Severity.ERROR, f"The range runs from {low:g} down to {high:g}."
    elif value is not None and low is not None and high is not None and not low <= value <= high:
        yield "range", Severity.WARNING, f"{value:g} lies outside its own range {low:g} to {high:g}."


def _grim(row: Row) -> _Said:
    """GRIM (Brown and Heathers 2017): a mean of n whole numbers is a whole number divided by n."""
    value = number(row["value"])
    people = number(row["total"]) or number(row["arm_n"])
    if row["measure"] != "mean" or value is None or not people or not _COUNTED.match(str(row["outcome"])):
        return
    places = printed_decimals(str(row["printed"]), value)
    if not places or people > 10**places:
        return
    nearest = round(value * people) / people
    if abs(nearest - value) > 0.51 * 10**-places:
        yield "grim", Severity.NOTE, f"No {people:g} whole numbers have the mean {value:.{places}f}."


def _interval(row: Row) -> _Said:
    effect, low, high = (number(row[name]) for name in ("effect", "ci_low", "ci_high"))
    if low is None or high is None:
        return
    if low > high:
        yield "interval", Severity.ERROR, f"The interval runs from {low:g} down to {high:g}."
        return
    if effect is not None and not low <= effect <= high:
        yield "interval", Severity.ERROR, f"The effect {effect:g} lies outside its interval {low:g} to {high:g}."
        return
    ratio = row["effect_measure"] in _RATIOS
    if ratio and effect is not None and low > 0 and effect > 0:
        yield from _symmetry(effect, low, high)
    yield from _significance(row, low, high, 1.0 if ratio else 0.0)


def _symmetry(effect: float, low: float, high: float) -> _Said:
    """A ratio stands in the middle of its interval on the log scale, but for rounding and exact methods."""
    middle, half = (math.log(low) + math.log(high)) / 2, (math.log(high) - math.log(low)) / 2
    if half > 0 and abs(math.log(effect) - middle) > 0.35 * half + 0.1:
        yield "interval", Severity.NOTE, f"{effect:g} is far from the middle {math.exp(middle):.2f} of its interval."


def _significance(row: Row, low: float, high: float, null: float) -> _Said:
    p, operator = number(row["p_value"]), row["p_operator"]
    if p is None or row["effect_measure"] is None or row["effect_measure"] == "correlation":
        return
    below = operator in (None, "=", "<", "<=") and p < _FAR_IN
    above = operator in (None, "=", ">", ">=") and p > _FAR_OUT
    margin = 0.02 * (high - low)
    if below and low + margin < null < high - margin:
        yield "interval", Severity.WARNING, f"The interval {low:g} to {high:g} holds {null:g}, yet p is {p:g}."
    elif above and (null < low - margin or null > high + margin):
        yield "interval", Severity.WARNING, f"The interval {low:g} to {high:g} leaves out {null:g}, yet p is {p:g}."
