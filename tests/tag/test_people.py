"""One list of words for people: what is read of one of them is read of all."""

import re

import pytest

from pipeline.tag.people import PEOPLE, PERSONS
from pipeline.tag.population import find_populations

MANY = ("patients", "participants", "recipients", "women", "volunteers", "infants", "adolescents", "people", "boys")


@pytest.mark.parametrize("word", MANY)
def test_a_population_is_found_whatever_its_people_are_called(word: str) -> None:
    text = f"We enrolled {word} with lupus nephritis."
    assert [text[found.start : found.end] for found in find_populations(text)] == [f"{word} with lupus nephritis"]


@pytest.mark.parametrize("word", MANY)
def test_whoever_is_many_is_also_one_or_many(word: str) -> None:
    assert re.fullmatch(PEOPLE, word)
    assert re.fullmatch(PERSONS, word)


@pytest.mark.parametrize("word", ["patient", "woman", "man", "child"])
def test_one_person_is_not_several(word: str) -> None:
    assert re.fullmatch(PERSONS, word)
    assert not re.fullmatch(PEOPLE, word)


@pytest.mark.parametrize("word", ["mental", "childhood", "subjective", "womens"])
def test_other_words_that_begin_alike_are_no_people(word: str) -> None:
    assert not re.match(PERSONS, word)
