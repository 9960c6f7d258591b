"""One finding, one row: twins are joined, confidence is a probability."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.assemble import assemble
from pipeline.confidence import confidence
from pipeline.document import Document, Part, Passage, Section, Source
from pipeline.evidence import Annotated, Attribution, Comparison, Direction, PaperEvidence, Quote, Result

ABSTRACT = "Remission was seen in 40%."
BODY = "Of 20 patients, 8 (40%) reached remission at 6 months."
PASSAGES = (
    Passage(0, Part.ABSTRACT, ABSTRACT, Section.RESULTS),
    Passage(1, Part.BODY, BODY, Section.RESULTS),
)
ANNOTATED = Annotated(Document(Source("a", "text", "0" * 64), PASSAGES), ((), ()), {}, ())
FIRST = Result("Remission", Quote(0, 0, len(ABSTRACT), ABSTRACT), "40%", arm_id="A1", percent=40.0)
AGAIN = Result(
    "remission", Quote(1, 0, len(BODY), BODY), "8 (40%)", arm_id="A1", percent=40.0, events=8.0, timepoint="6 months"
)
CONTRAST = Comparison("GFR", FIRST.quote, arm_a="A1", arm_b="A2", direction=Direction.INCREASED)


def results(*rows: Result) -> tuple[Result, ...]:
    return assemble(PaperEvidence(ANNOTATED, results=rows)).results


def test_abstract_and_body_become_one_row_with_two_quotes() -> None:
    (row,) = results(FIRST, AGAIN)
    assert row.quote == FIRST.quote
    assert row.more_quotes == (AGAIN.quote,)
    assert (row.events, row.percent, row.timepoint) == (8.0, 40.0, "6 months")


def test_a_doubt_makes_any_row_of_a_full_text_a_lead() -> None:
    (row,) = results(replace(AGAIN, sd=1.0, doubts=("whole",)))
    assert row.confidence < 0.5


def test_rows_that_differ_stay_apart() -> None:
    other_number = replace(AGAIN, percent=41.0)
    other_arm = replace(AGAIN, arm_id="A2")
    other_outcome = replace(AGAIN, outcome="relapse")
    other_study = replace(AGAIN, attribution=Attribution.CITED)
    for other in (other_number, other_arm, other_outcome, other_study):
        assert len(results(FIRST, other)) == 2


def test_two_rows_of_one_sentence_stay_apart() -> None:
    assert len(results(FIRST, replace(FIRST, text="40% again"))) == 2


def test_the_states_of_one_patient_in_one_passage_stay_apart() -> None:
    early = replace(AGAIN, percent=None, events=1.0, total=1.0, quote=Quote(1, 0, 5, BODY[:5]))
    late = replace(early, quote=Quote(1, 6, 12, BODY[6:12]))
    assert len(results(early, late)) == 2


def test_a_contrast_told_again_keeps_its_p_value() -> None:
    again = replace(CONTRAST, quote=AGAIN.quote, p_value=0.01, p_operator="=")
    (row,) = assemble(PaperEvidence(ANNOTATED, comparisons=(CONTRAST, again))).comparisons
    assert (row.p_value, row.more_quotes) == (0.01, (AGAIN.quote,))


def test_outcomes_of_one_sentence_that_share_words_stay_apart() -> None:
    more = replace(CONTRAST, outcome=f"{CONTRAST.outcome} clearance", outcome_concept=None)
    assert len(assemble(PaperEvidence(ANNOTATED, comparisons=(CONTRAST, more))).comparisons) == 2


def test_opposite_directions_are_two_contrasts() -> None:
    down = replace(CONTRAST, quote=AGAIN.quote, direction=Direction.DECREASED)
    assert len(assemble(PaperEvidence(ANNOTATED, comparisons=(CONTRAST, down))).comparisons) == 2


def test_alike_at_entry_and_alike_later_are_two_findings() -> None:
    entry = replace(CONTRAST, direction=Direction.NO_DIFFERENCE, timepoint="baseline", p_value=0.4)
    later = replace(entry, quote=AGAIN.quote, timepoint="week 9", p_value=None)
    rows = assemble(PaperEvidence(ANNOTATED, comparisons=(entry, later))).comparisons
    assert [row.p_value for row in rows] == [0.4, None]


def test_an_unknown_arm_lowers_confidence() -> None:
    known, unknown = results(FIRST)[0], results(replace(FIRST, arm_id=None))[0]
    assert unknown.confidence < known.confidence


@given(st.dictionaries(st.sampled_from(["bias", "crowd", "spread", "p", "no arm", "strange"]), st.floats(-5, 5)))
def test_confidence_is_a_probability(features: dict[str, float]) -> None:
    assert all(0 <= confidence(kind, features) <= 1 for kind in ("results", "comparisons"))
