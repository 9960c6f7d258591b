"""Time phrases are found as printed."""

import pytest

from pipeline.tag.timepoint import find_timepoints


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Response at week 24 was higher.", ["week 24"]),
        ("At 12 months, 30 had relapsed.", ["12 months"]),
        ("One-year survival rose.", ["One-year"]),
        ("At the 6th month and at baseline.", ["6th month", "at baseline"]),
        ("GFR between 0 and 9 months fell.", ["between 0 and 9 months"]),
        ("Levels 3 months after transplantation.", ["3 months after transplantation"]),
        ("No event occurred during follow-up.", ["during follow-up"]),
        ("BP was 164 mmHg at baseline and 135 mmHg at conclusion.", ["at baseline", "at conclusion"]),
        ("At study end 14% had no pain, at the end of the ward 2%.", ["At study end"]),
        ("Nothing here.", []),
    ],
)
def test_finds_time_phrases(text: str, phrases: list[str]) -> None:
    assert [text[found.start : found.end] for found in find_timepoints(text)] == phrases


def test_the_hours_of_a_unit_are_no_time_point() -> None:
    text = "Proteinuria was 8.5g/24h, 4 g per 24 h after 3 months"
    assert [text[found.start : found.end] for found in find_timepoints(text)] == ["3 months"]
