"""The study as a whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Section
from pipeline.relate.frame import study_frame
from pipeline.relate.numbers import to_int

from .treatment_made import paper


@pytest.mark.parametrize(
    ("title", "text", "design"),
    [
        ("A drug.", "Forty patients were randomised to two regimens.", "randomised controlled trial"),
        ("A drug.", "In a double-blind crossover study 12 patients took both drugs.", "crossover trial"),
        ("Two drugs: a meta-analysis.", "We pooled 14 trials.", "meta-analysis"),
        ("A drug.", "We report two cases of nephrotic syndrome.", "case report"),
        ("A drug.", "We retrospectively studied 90 patients.", "cohort"),
        ("A drug.", "The kidney has two poles.", None),
    ],
)
def test_design(title: str, text: str, design: str | None) -> None:
    assert study_frame(paper((None, text), title=title)).design == design


@pytest.mark.parametrize(
    ("text", "n_total"),
    [
        ("Twenty-seven patients with nephritis were enrolled.", 27),
        ("From 1986 to 1989, 98 patients received a kidney.", 98),
        ("In 3 patients with type 2 diabetes, of 120 adults studied, dialysis began.", 120),
        ("Patients were randomised to tacrolimus (n = 21) or cyclosporine (n = 19).", 40),
        ("Albumin was 31 g/l.", None),
    ],
)
def test_number_of_participants(text: str, n_total: int | None) -> None:
    assert study_frame(paper((Section.METHODS, text))).n_total == n_total


def test_population_and_follow_up() -> None:
    frame = study_frame(
        paper((Section.METHODS, "We enrolled 14 children with lupus nephritis, followed up for 18 months."))
    )
    assert (frame.population, frame.age_group, frame.follow_up) == (
        "children with lupus nephritis",
        "children",
        "18 months",
    )


@given(st.integers(min_value=1, max_value=999_999))
def test_figures_are_read_back(number: int) -> None:
    assert to_int(f"{number:,}") == to_int(str(number)) == number


@pytest.mark.parametrize(
    ("words", "number"), [("twenty-seven", 27), ("three hundred and eighty three", 383), ("some", None)]
)
def test_counts_in_words(words: str, number: int | None) -> None:
    assert to_int(words) == number
