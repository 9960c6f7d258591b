"""A text in pieces is still the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.serve.segments import Over, Segment, segments

spans = st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(["", "DRUG", "DOSE"]))


@given(st.text(max_size=25), st.lists(spans, max_size=8))
def test_pieces_join_to_the_text_and_carry_what_is_over_them(text: str, places: list[tuple[int, int, str]]) -> None:
    overs = [Over(start, end, label) for start, end, label in places]
    pieces = list(segments(text, overs))
    assert "".join(piece.text for piece in pieces) == text
    position = 0
    for piece in pieces:
        over = [o for o in overs if o.start <= position < o.end]
        assert piece.quoted == any(not o.label for o in over)
        assert bool(piece.label) == any(o.label for o in over)
        position += len(piece.text)


def test_the_shortest_mention_wins() -> None:
    found = list(segments("minimal change disease", [Over(0, 22, "CONDITION"), Over(0, 14, "HISTOLOGY")]))
    assert found == [Segment("minimal change", "HISTOLOGY"), Segment(" disease", "CONDITION")]


def test_a_part_of_a_text() -> None:
    assert list(segments("abcdef", [Over(0, 3, "DRUG")], start=2, end=5)) == [Segment("c", "DRUG"), Segment("de")]
