"""What a sentence states beside what it only supposes."""

from __future__ import annotations

import pytest

from pipeline.relate.direction import find_cues
from pipeline.relate.supposed import stated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thirst fell in all groups, which may reduce admissions.", ["fell"]),
        ("Thirst fell in the drug group, suggesting that it lowers salt intake.", ["fell"]),
        ("The drug may lower thirst, but cholesterol was increased.", ["increased"]),
        ("The drug may lower thirst.", []),
        ("In patients with reduced thirst, the drug may lower salt intake.", []),
        ("The reduced intake of salt, water and bread may lower thirst.", []),
        ("These results suggest that thirst falls with the drug, whereas appetite increases.", []),
        ("The drug may make little or no difference to thirst.", ["little or no difference"]),
        ("Although thirst did not change, the drug might lower salt intake.", ["did not change"]),
    ],
)
def test_a_guess_tells_no_direction_and_what_is_stated_beside_it_does(text: str, expected: list[str]) -> None:
    assert [cue.text for cue in stated(text, find_cues(text))] == expected
