"""Lists of "100,101" may be thousands or pairs: read in one way, not in all combinations (which never ends)."""

from __future__ import annotations

import pytest

from pipeline.tag.dose import find_doses
from pipeline.tag.statistic import find_statistics
from pipeline.tag.timepoint import find_timepoints

PAIRS = " ".join(f"{n},{n + 1}," for n in range(100, 180))
THOUSANDS = ", ".join(f"1,{n}" for n in range(100, 180))


@pytest.mark.parametrize("text", [f"Counts were {PAIRS} in all.", f"Counts were {THOUSANDS} in all."])
def test_a_long_list_of_numbers_is_no_time_and_no_dose(text: str) -> None:
    assert find_timepoints(text) == []
    assert find_doses(text) == []
    assert all(text[one.start : one.end].strip() for one in find_statistics(text))


@pytest.mark.parametrize("text", ["after 1,000 and 1,200 days", "at 6, 12 and 24 months", "two or three weeks"])
def test_lists_of_times_are_still_whole(text: str) -> None:
    (found,) = find_timepoints(text)
    assert text[found.start : found.end] in text
    assert found.end == len(text)
