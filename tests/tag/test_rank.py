"""Choosing outcomes and conditions among candidates of a title and abstract."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ModelMismatch
from pipeline.evaluate.fit_mentions import fit
from pipeline.evidence import Label
from pipeline.model.tagger import Find
from pipeline.tag import rank as ranking
from pipeline.tag.found import Found
from pipeline.tag.head_marks import is_between_steps, marks_of
from pipeline.tag.rank import choose, names_people
from pipeline.tag.rank_candidates import places_of, seen_passage
from pipeline.tag.rank_features import Candidate, Place, candidates_of

ALPHABET = st.sampled_from("abgfr of in the (Hb) GFR decline, and 1.5 proteinuria İ".split(" "))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A slower decline in GFR was seen.", "decline in GFR"),
        ("A reduction of the urinary protein excretion.", "reduction of the urinary protein excretion"),
        ("Acute and chronic nephrotoxicity is common.", "Acute and chronic nephrotoxicity"),
        ("Higher haemoglobin (Hb) levels were kept.", "haemoglobin (Hb) levels"),
    ],
)
def test_words_before_and_brackets_join_a_candidate(text: str, wanted: str) -> None:
    seen = seen_passage(text, {}, [], "abstract")
    assert wanted in {text[start:end] for start, end in places_of(seen)}


def test_a_mark_begins_with_a_word_of_content() -> None:
    text = "A fall in both the BP"
    seen = seen_passage(text, {}, [("outcomes", 10, 21, 4), ("ncbi", 7, 14, 4)], "results")
    assert {text[start:end] for start, end in places_of(seen)} >= {"BP"}
    assert not any(text[start:].startswith(("both", "in ", "the")) for start, _ in places_of(seen))


def test_a_mark_ends_before_the_verb_of_change() -> None:
    text = "Serum vitamin Q rose from 1.1."
    seen = seen_passage(text, {}, [("outcomes", 0, 20, 4)], "results")
    assert "Serum vitamin Q" in {text[start:end] for start, end in places_of(seen)}
    assert "Serum vitamin Q rose" not in {text[start:end] for start, end in places_of(seen)}


def test_a_short_form_of_people_is_no_outcome() -> None:
    seen = seen_passage("PTX patients had 9, PTX (8) and GFR (7).", {}, [("outcomes", 20, 23, 3)], "results")
    heads = seen._replace(marks=[*seen.marks, *(mark._replace(start=32, end=35) for mark in seen.marks)])
    found = {one.key: one for one in candidates_of([heads], {"PTX": "pancreas transplant", "GFR": "filtration"})}
    assert names_people(found["ptx"])
    assert not names_people(found["gfr"])


@given(st.lists(ALPHABET, min_size=1, max_size=25))
def test_every_place_holds_its_string(words: list[str]) -> None:
    text = " ".join(words)
    finds = {Label.OUTCOME: [Found(Label.OUTCOME, 0, len(words[0]))]} if words[0] else {}
    for one in candidates_of([seen_passage(text, finds, [("outcomes", 0, len(text), 3)], "results")], {"Hb": "GFR"}):
        for place in one.places:
            assert text[place.start : place.end].lower() == one.key
        assert one.features["bias"] == 1.0


def test_a_string_is_judged_once_for_all_its_places() -> None:
    texts = ["Proteinuria fell.", "The proteinuria of all patients fell."]
    finds = [{Label.OUTCOME: [Found(Label.OUTCOME, 0, 11)]}, {}]
    seen = [seen_passage(text, find, [], "results") for text, find in zip(texts, finds, strict=True)]
    (one,) = [one for one in candidates_of(seen, {}) if one.key == "proteinuria"]
    assert one.places == [Place(0, 0, 11), Place(1, 4, 15)]
    assert one.features["is share OUTCOME"] == 0.5


def test_longer_candidates_win_and_unlikely_ones_stay_out() -> None:
    long = Candidate("decline in gfr", [Place(0, 0, 14)], {})
    short = Candidate("gfr", [Place(0, 11, 14), Place(0, 20, 23)], {})
    rare = Candidate("slope", [Place(0, 30, 35)], {})
    chosen = choose([short, long, rare], [0.9, 0.5, 0.2], 0.4)
    assert [one.place for one in chosen] == [Place(0, 0, 14), Place(0, 20, 23)]


def test_marks_are_read_in_fifths() -> None:
    found = {"outcomes": [Find(1, 3, "OUTCOME", 0.61)], "bc5cdr": [], "ncbi": [], "phee": [Find(0, 1, "AGE", 0.9)]}
    assert marks_of(["The", "blood", "pressure"], [0, 4, 10], found) == [("outcomes", 4, 18, 3)]


@pytest.mark.parametrize(("score", "between"), [(0.5, True), (0.6, False), (0.7000001, True)])
def test_a_chance_between_two_fifths_is_unsure(score: float, between: bool) -> None:
    assert is_between_steps(Find(0, 1, "DISEASE", score), "ncbi", 1e-6) is between
    assert not is_between_steps(Find(0, 1, "AGE", score), "phee", 1e-6)


def test_fit_learns_what_parts_right_from_wrong() -> None:
    rows = [Candidate(str(i), [Place(0, i, i + 1)], {"bias": 1.0, "good": float(i % 2)}) for i in range(80)]
    weights = fit(rows, [i % 2 == 1 for i in range(80)], ["bias", "good"])
    assert weights["good"] > 0 > weights["bias"]


def test_a_damaged_file_of_weights_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mentions.json").write_text('{"OUTCOME": {}}', encoding="utf-8")
    monkeypatch.setattr(ranking, "models_dir", lambda: tmp_path)
    ranking.judges.cache_clear()
    try:
        with pytest.raises(ModelMismatch, match=r"mentions\.json"):
            ranking.judges()
    finally:
        ranking.judges.cache_clear()
