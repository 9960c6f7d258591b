"""The dose grammar: a table of invented strings, what is left alone, and parse∘format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence import Dose
from pipeline.tag.dose import find_doses, format_dose

# text, [(span, numbers, UCUM unit, schedule)]; numbers: "5", "5..10" (low, high), "..10" (at most), "5±1" (SD).
TABLE: list[tuple[str, list[tuple[str, str, str, str | None]]]] = [
    ("He was given prednisolone 0.3 mg/kg.", [("0.3 mg/kg", "0.3", "mg/kg", None)]),
    (
        "prednisolone 0.3 ± 0.2 mg/kg on alternate days",
        [("0.3 ± 0.2 mg/kg on alternate days", "0.3±0.2", "mg/kg", "on alternate days")],
    ),
    ("prednisone 0.25+/-0.1 mg/kg/day", [("0.25+/-0.1 mg/kg/day", "0.25±0.1", "mg/kg/d", None)]),
    (
        "deflazacort 12.5 +/- 3 mg every other day",
        [("12.5 +/- 3 mg every other day", "12.5±3", "mg", "every other day")],
    ),
    ("azathioprine 2 mg/kg per day", [("2 mg/kg per day", "2", "mg/kg/d", None)]),
    ("azathioprine 1.5 mg per kg per day", [("1.5 mg per kg per day", "1.5", "mg/kg/d", None)]),
    (
        "azathioprine 2 mg per kilogram of body weight per day",
        [("2 mg per kilogram of body weight per day", "2", "mg/kg/d", None)],
    ),
    ("cyclophosphamide 750 mg/m2 monthly", [("750 mg/m2 monthly", "750", "mg/m2", "monthly")]),
    ("cyclophosphamide 0.75 g/m² every 4 weeks", [("0.75 g/m² every 4 weeks", "0.75", "g/m2", "every 4 weeks")]),
    (
        "cyclophosphamide 500 mg per square metre every month",
        [("500 mg per square metre every month", "500", "mg/m2", "every month")],
    ),
    ("cyclophosphamide 15 mg/kg every 2-3 weeks", [("15 mg/kg every 2-3 weeks", "15", "mg/kg", "every 2-3 weeks")]),
    ("cyclophosphamide 10 mg kg-1 day-1", [("10 mg kg-1 day-1", "10", "mg/kg/d", None)]),
    (
        "rituximab 375 mg/m(2) weekly for 4 doses",
        [("375 mg/m(2) weekly for 4 doses", "375", "mg/m2", "weekly for 4 doses")],
    ),
    (
        "rituximab 375 mg/m2 once weekly for four weeks",
        [("375 mg/m2 once weekly for four weeks", "375", "mg/m2", "once weekly for four weeks")],
    ),
    ("rituximab 1000 mg on days 1 and 15", [("1000 mg on days 1 and 15", "1000", "mg", "on days 1 and 15")]),
    ("rituximab 1,000 mg on days 1, 8 and 15", [("1,000 mg on days 1, 8 and 15", "1000", "mg", "on days 1, 8 and 15")]),
    ("rituximab 375 mg/m2/week", [("375 mg/m2/week", "375", "mg/m2/wk", None)]),
    (
        "tacrolimus 0.05-0.1 mg/kg/day in two divided doses",
        [("0.05-0.1 mg/kg/day in two divided doses", "0.05..0.1", "mg/kg/d", "in two divided doses")],
    ),
    ("tacrolimus 0.1 to 0.15 mg/kg daily", [("0.1 to 0.15 mg/kg daily", "0.1..0.15", "mg/kg", "daily")]),
    (
        "tacrolimus 0.15 mg/kg/day divided in 2 doses",
        [("0.15 mg/kg/day divided in 2 doses", "0.15", "mg/kg/d", "divided in 2 doses")],
    ),
    ("ciclosporin 5 mg/kg/d b.i.d.", [("5 mg/kg/d b.i.d.", "5", "mg/kg/d", "b.i.d.")]),
    ("ciclosporin between 3 and 5 mg/kg/day", [("3 and 5 mg/kg/day", "3..5", "mg/kg/d", None)]),
    ("ciclosporin 100mg/day", [("100mg/day", "100", "mg/d", None)]),
    ("ciclosporin 1mg/Kg/day", [("1mg/Kg/day", "1", "mg/kg/d", None)]),
    ("ciclosporin 2,5 mg/kg", [("2,5 mg/kg", "2.5", "mg/kg", None)]),
    ("ciclosporin 3·5 mg/kg per day", [("3·5 mg/kg per day", "3.5", "mg/kg/d", None)]),
    ("mycophenolate 1 g twice daily", [("1 g twice daily", "1", "g", "twice daily")]),
    ("mycophenolate 1 g twice a day", [("1 g twice a day", "1", "g", "twice a day")]),
    ("mycophenolate 500 mg bid", [("500 mg bid", "500", "mg", "bid")]),
    ("mycophenolate 600 mg/m2/dose", [("600 mg/m2/dose", "600", "mg/m2/{dose}", None)]),
    ("mycophenolate 2 x 500 mg", [("2 x 500 mg", "500", "mg", "2 x")]),
    ("mycophenolate 2 × 1 g daily", [("2 × 1 g daily", "1", "g", "2 x, daily")]),
    ("mycophenolate 2000mg/day", [("2000mg/day", "2000", "mg/d", None)]),
    ("mycophenolate 1.5–2 g/day", [("1.5–2 g/day", "1.5..2", "g/d", None)]),
    ("mycophenolate 750 mg q12h", [("750 mg q12h", "750", "mg", "q12h")]),
    ("mycophenolate 720 mg BID", [("720 mg BID", "720", "mg", "BID")]),
    ("methylprednisolone 1 g/day", [("1 g/day", "1", "g/d", None)]),
    ("methylprednisolone 500-mg pulses", [("500-mg", "500", "mg", None)]),
    ("methylprednisolone 30 mg/kg/dose", [("30 mg/kg/dose", "30", "mg/kg/{dose}", None)]),
    ("methylprednisolone 3 x 500 mg", [("3 x 500 mg", "500", "mg", "3 x")]),
    ("methylprednisolone pulses of 10 mg per kg", [("10 mg per kg", "10", "mg/kg", None)]),
    (
        "prednisone 60 mg per square meter of body-surface area per day",
        [("60 mg per square meter of body-surface area per day", "60", "mg/m2/d", None)],
    ),
    ("prednisone 40 mg/m2 on alternate days", [("40 mg/m2 on alternate days", "40", "mg/m2", "on alternate days")]),
    ("prednisone 40 mg/m2 alternate-day", [("40 mg/m2 alternate-day", "40", "mg/m2", "alternate-day")]),
    ("prednisone 1 mg/kg once daily", [("1 mg/kg once daily", "1", "mg/kg", "once daily")]),
    ("prednisone up to 60 mg/day", [("60 mg/day", "..60", "mg/d", None)]),
    ("prednisone (maximum 80 mg/day)", [("80 mg/day", "..80", "mg/d", None)]),
    ("prednisone 7.5 mg or less per day", [("7.5 mg or less per day", "..7.5", "mg/d", None)]),
    ("prednisone ≤5 mg/day", [("5 mg/day", "..5", "mg/d", None)]),
    (
        "prednisone tapered from 60 mg/day to 10 mg/day",
        [("60 mg/day", "60", "mg/d", None), ("10 mg/day", "10", "mg/d", None)],
    ),
    ("prednisone 10 to 20 mg daily", [("10 to 20 mg daily", "10..20", "mg", "daily")]),
    ("prednisone 10 mg to 20 mg daily", [("10 mg to 20 mg daily", "10..20", "mg", "daily")]),
    ("prednisone 5, 10 or 20 mg", [("5, 10 or 20 mg", "5..20", "mg", None)]),
    ("prednisone 5 or 10 mg per day", [("5 or 10 mg per day", "5..10", "mg/d", None)]),
    ("dexamethasone 4 mg every 6 hours", [("4 mg every 6 hours", "4", "mg", "every 6 hours")]),
    ("dexamethasone 0.6 mg/kg q6h", [("0.6 mg/kg q6h", "0.6", "mg/kg", "q6h")]),
    ("dexamethasone 4 mg/8 h", [("4 mg/8 h", "4", "mg/(8.h)", None)]),
    ("levamisole 2.5 mg/kg every other day", [("2.5 mg/kg every other day", "2.5", "mg/kg", "every other day")]),
    (
        "levamisole 2.5 mg/kg on alternative days",
        [("2.5 mg/kg on alternative days", "2.5", "mg/kg", "on alternative days")],
    ),
    ("methotrexate 15 mg/week", [("15 mg/week", "15", "mg/wk", None)]),
    ("methotrexate 10 mg weekly", [("10 mg weekly", "10", "mg", "weekly")]),
    ("methotrexate 12.5 mg once a week", [("12.5 mg once a week", "12.5", "mg", "once a week")]),
    ("enalapril 2.5 mg/day every 3-4 days", [("2.5 mg/day every 3-4 days", "2.5", "mg/d", "every 3-4 days")]),
    ("enalapril 20mg", [("20mg", "20", "mg", None)]),
    ("ramipril 1.25 mg o.d.", [("1.25 mg o.d.", "1.25", "mg", "o.d.")]),
    ("losartan 50 mg once daily", [("50 mg once daily", "50", "mg", "once daily")]),
    ("losartan 0.7 mg/kg/day", [("0.7 mg/kg/day", "0.7", "mg/kg/d", None)]),
    ("valsartan 80-160 mg/d", [("80-160 mg/d", "80..160", "mg/d", None)]),
    ("furosemide 40 mg i.v.", [("40 mg", "40", "mg", None)]),
    ("furosemide 2 mg/kg/hour", [("2 mg/kg/hour", "2", "mg/kg/h", None)]),
    ("rilmenidine 2g daily", [("2g daily", "2", "g", "daily")]),
    ("spironolactone 25 mg every second day", [("25 mg every second day", "25", "mg", "every second day")]),
    ("dipyridamole 75 mg t.i.d.", [("75 mg t.i.d.", "75", "mg", "t.i.d.")]),
    ("dipyridamole 75 mg three times daily", [("75 mg three times daily", "75", "mg", "three times daily")]),
    (
        "dipyridamole 300 mg/day in three divided doses",
        [("300 mg/day in three divided doses", "300", "mg/d", "in three divided doses")],
    ),
    ("warfarin 2–5 mg nightly", [("2–5 mg nightly", "2..5", "mg", "nightly")]),
    ("heparin 5000 units twice daily", [("5000 units twice daily", "5000", "U", "twice daily")]),
    ("heparin 100 U/kg", [("100 U/kg", "100", "U/kg", None)]),
    ("enoxaparin 1 mg/kg every 12 hours", [("1 mg/kg every 12 hours", "1", "mg/kg", "every 12 hours")]),
    (
        "epoetin alfa 4,000 IU three times a week",
        [("4,000 IU three times a week", "4000", "[iU]", "three times a week")],
    ),
    ("epoetin 10 000 IU/week", [("10 000 IU/week", "10000", "[iU]/wk", None)]),
    ("epoetin 50 IU/kg/wk", [("50 IU/kg/wk", "50", "[iU]/kg/wk", None)]),
    ("interferon 3 MU thrice weekly", [("3 MU thrice weekly", "3", "M[iU]", "thrice weekly")]),
    ("darbepoetin 0.45 mcg/kg per week", [("0.45 mcg/kg per week", "0.45", "ug/kg/wk", None)]),
    ("darbepoetin 60 µg every two weeks", [("60 µg every two weeks", "60", "ug", "every two weeks")]),
    ("calcitriol 0.25 microg daily", [("0.25 microg daily", "0.25", "ug", "daily")]),
    ("calcitriol 0.5 μg/day", [("0.5 μg/day", "0.5", "ug/d", None)]),
    ("paricalcitol 1 mcg three times weekly", [("1 mcg three times weekly", "1", "ug", "three times weekly")]),
    ("dopamine 3 µg/kg/min", [("3 µg/kg/min", "3", "ug/kg/min", None)]),
    ("alprostadil 10 ng/kg/min", [("10 ng/kg/min", "10", "ng/kg/min", None)]),
    ("vitamin D3 50,000 IU monthly", [("50,000 IU monthly", "50000", "[iU]", "monthly")]),
    ("cholecalciferol 800 units daily", [("800 units daily", "800", "U", "daily")]),
    ("calcium carbonate 500 mg three times a day", [("500 mg three times a day", "500", "mg", "three times a day")]),
    ("sodium bicarbonate 1 mmol/kg/day", [("1 mmol/kg/day", "1", "mmol/kg/d", None)]),
    ("potassium chloride 40 mEq daily", [("40 mEq daily", "40", "meq", "daily")]),
    ("albumin infusion 1 g/kg", [("1 g/kg", "1", "g/kg", None)]),
    ("intravenous immunoglobulin 2 g/kg", [("2 g/kg", "2", "g/kg", None)]),
    ("immunoglobulin 0.4 g/kg/day", [("0.4 g/kg/day", "0.4", "g/kg/d", None)]),
    ("antithymocyte globulin 1.5 mg/kg/day", [("1.5 mg/kg/day", "1.5", "mg/kg/d", None)]),
    (
        "eculizumab 900 mg weekly, 1200 mg every other week",
        [("900 mg weekly", "900", "mg", "weekly"), ("1200 mg every other week", "1200", "mg", "every other week")],
    ),
    ("insulin 0.75 IU/kg", [("0.75 IU/kg", "0.75", "[iU]/kg", None)]),
    ("saline 20 mL/kg", [("20 mL/kg", "20", "mL/kg", None)]),
    ("lactulose 15 ml twice daily", [("15 ml twice daily", "15", "mL", "twice daily")]),
    ("timolol 0.5% solution twice daily", [("0.5%", "0.5", "%", None)]),
    ("latanoprost 0.005% once daily", [("0.005% once daily", "0.005", "%", "once daily")]),
    ("dorzolamide 2% eye drops", [("2%", "2", "%", None)]),
    ("two tablets daily", [("two tablets daily", "2", "{tbl}", "daily")]),
    ("one capsule twice a day", [("one capsule twice a day", "1", "{cap}", "twice a day")]),
    ("1 drop in each eye", [("1 drop", "1", "[drp]", None)]),
    ("2 puffs every 4 hours", [("2 puffs every 4 hours", "2", "{puff}", "every 4 hours")]),
    ("fish oil, 6 capsules per day", [("6 capsules per day", "6", "{cap}/d", None)]),
    ("aspirin 75-mg", [("75-mg", "75", "mg", None)]),
    ("ciclosporin target between 125 and 175 ng/mL", [("125 and 175 ng/mL", "125..175 target", "ng/mL", None)]),
    (
        "ciclosporin target level 100–150 ng/ml (83–125 nmol/L)",
        [("100–150 ng/ml", "100..150 target", "ng/mL", None), ("83–125 nmol/L", "83..125 target", "nmol/L", None)],
    ),
    ("tacrolimus trough level of 5-10 ng/ml", [("5-10 ng/ml", "5..10 target", "ng/mL", None)]),
    ("everolimus target trough: 3 to 8 ng/mL", [("3 to 8 ng/mL", "3..8 target", "ng/mL", None)]),
    (
        "tacrolimus was adjusted to maintain levels between 6 and 8 µg/L",
        [("6 and 8 µg/L", "6..8 target", "ug/L", None)],
    ),
    ("sirolimus trough concentrations of 5–10 ng/ml", [("5–10 ng/ml", "5..10 target", "ng/mL", None)]),
    ("the trough level was 7.2 ± 1.1 ng/ml", []),
    ("proteinuria was 20.0 g/24h", []),
    ("proteinuria rose to 20g/24h", []),
    ("urinary protein excretion fell from 3.2 to 1.1 g/day", []),
    ("serum albumin of 1.9 g/dL (19 g/L)", []),
    ("creatinine 2.5mg/dL / 221.24μmol/L", []),
    ("serum creatinine below 1.0 mg/dL", []),
    ("total cholesterol 461 mg/dl (11.9 mmol/L)", []),
    ("protein-to-creatinine ratio of 3 mg/mg", []),
    ("UPCR 2.1 g/g", []),
    ("ACR 300 mg/mmol", []),
    ("urinary albumin excretion 114 microg/min", []),
    ("GFR 60 ml/min/1.73 m2", []),
    ("GFR fell by 5 mL/min per year", []),
    ("blood pressure 111 ± 9 mm Hg", []),
    ("iPTH between 250 and 600 pg/ml", []),
    ("AST 40 U/L and IgG 4 g/L", []),
    ("sodium excretion 120 mmol/day", []),
    ("a protein intake of 0.8 g/kg/day", []),
    ("body weight 5 kg, aged 12 years", []),
    ("remission in 40% of patients (12/30)", []),
    ("more with tacrolimus (38%) than with cyclosporine (21%)", []),
    ("6 months, 2 groups, P = 0.05, n = 20", []),
    ("ml-1 in 1 in 10", []),
]


def numbers(dose: Dose) -> str:
    if dose.low is not None and dose.high is not None:
        text = f"{dose.low:g}..{dose.high:g}"
    elif dose.high is not None:
        text = f"..{dose.high:g}"
    else:
        text = f"{dose.value:g}"
    text += "" if dose.sd is None else f"±{dose.sd:g}"
    return text + (" target" if dose.is_target else "")


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[row[0][:60] for row in TABLE])
def test_table(text: str, expected: list[tuple[str, str, str, str | None]]) -> None:
    found = [one.dose for one in find_doses(text)]
    assert [(one.text, numbers(one), one.unit, one.frequency) for one in found if one] == expected


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("MMF (1 g twice daily) and prednisone (0.5 mg/kg/day, tapered)", ["1 g twice daily", "0.5 mg/kg/day"]),
        ("ramipril 5 mg/day lowered proteinuria from 3.2 to 1.4 g/day", ["5 mg/day"]),
        ("proteinuria fell to 1.1 g/day with ramipril 10 mg/day", ["10 mg/day"]),
        ("doses of 0.1 mg/kg/day and 0.03 mg/kg/day", ["0.1 mg/kg/day", "0.03 mg/kg/day"]),
        ("vincristine 3 mg on day 1 and 6.6 mg on day 8", ["3 mg on day 1", "6.6 mg on day 8"]),
        ("(1400 mg or 30 mg kg-1) was given", ["1400 mg", "30 mg kg-1"]),
        ("a mean reduction of 22.6% in the prednisone group", []),
        ("drainage of 1500 mL of fluid", []),
        ("creatinine clearance fell to 1.57 +/- 0.17 mL/s with treatment", []),
        ("treated patients lost 0.2 ± 0.4 ml x min(-1) x month(-1)", []),
        ("This was followed by a gradual increase to 15.8 +/- 8 mg/24 h", []),
        ("patients with albuminuria took a combination of 2 mg perindopril daily", ["2 mg"]),
        ("amlodipine 5 mg/valsartan 160 mg", ["5 mg", "160 mg"]),
    ],
)
def test_spans_in_context(text: str, spans: list[str]) -> None:
    assert [text[one.start : one.end] for one in find_doses(text)] == spans


amounts = st.integers(1, 9999).map(lambda n: n / 100) | st.integers(1, 5000).map(float)
units = st.sampled_from(
    ["mg", "g", "ug", "mg/kg", "mg/kg/d", "g/m2", "mg/m2/wk", "[iU]", "[iU]/kg", "mg/d", "ug/kg/min"]
)
schedules = st.sampled_from(
    [None, "daily", "twice daily", "on alternate days", "every 3 weeks", "in two divided doses"]
)


@given(st.tuples(amounts, amounts, amounts), units, schedules, st.sampled_from(["value", "range", "sd", "cap"]))
def test_parse_undoes_format(numbers_: tuple[float, float, float], unit: str, schedule: str | None, kind: str) -> None:
    low, high = sorted(numbers_[:2])
    fields = {
        "value": {"value": low},
        "range": {"low": low, "high": high},
        "sd": {"value": low, "sd": numbers_[2]},
        "cap": {"high": high},
    }[kind]
    dose = Dose("", unit=unit, frequency=schedule, **fields)
    (found,) = find_doses(f"prednisolone {format_dose(dose)}.")
    parsed = found.dose
    assert parsed is not None
    assert (parsed.value, parsed.low, parsed.high, parsed.sd) == (dose.value, dose.low, dose.high, dose.sd)
    assert (parsed.unit, parsed.frequency) == (unit, schedule)


@given(st.text() | st.text(alphabet="0123456789.,-–±/ mgkgdayx²µ()%to", max_size=60))
def test_any_text(text: str) -> None:
    end = 0
    for one in find_doses(text):
        assert one.dose is not None
        assert one.start >= end
        assert text[one.start : one.end] == one.dose.text
        end = one.end
