"""Whose finding a sentence tells."""

from __future__ import annotations

import pytest

from pipeline.document import CitationMark, Passage, Reference, Section
from pipeline.evidence import Annotated, Attribution
from pipeline.relate.attribution import Attributor
from pipeline.tag.sentences import find_sentences

from .treatment_made import paper

OWN, CITED, BACKGROUND = Attribution.OWN, Attribution.CITED, Attribution.BACKGROUND


@pytest.mark.parametrize(
    ("section", "text", "expected"),
    [
        (Section.RESULTS, "Remission was seen in 12 of 20 patients.", OWN),
        (Section.METHODS, "Doses followed the guidelines of the society.", OWN),
        (Section.BACKGROUND, "Remission rates of 80% have been reported with this drug.", CITED),
        (Section.BACKGROUND, "Nephrotic syndrome is common.", BACKGROUND),
        (Section.BACKGROUND, "We compared two regimens in 40 patients.", OWN),
        (Section.BACKGROUND, "To compare foomab with barmab in patients with refractory disease.", OWN),
        (Section.BACKGROUND, "Relapses are frequent in patients with refractory disease.", BACKGROUND),
        (Section.DISCUSSION, "In our study, 12 of 20 patients went into remission.", OWN),
        (Section.DISCUSSION, "Ahlberg et al. found remission in 4 of 9 patients.", CITED),
        (Section.DISCUSSION, "Several trials have shown a lower relapse rate.", CITED),
        (Section.DISCUSSION, "In both cases remission lasted 3 years.", OWN),
    ],
)
def test_cues_and_sections(section: Section, text: str, expected: Attribution) -> None:
    assert Attributor(paper((section, text))).of(1, 0).attribution is expected


def test_a_sentence_without_a_name_follows_its_predecessor() -> None:
    text = "Ahlberg et al. treated 9 patients. None of them relapsed. We saw no relapse."
    attributor = Attributor(paper((Section.DISCUSSION, text)))
    verdicts = [attributor.of(1, text.index(words)) for words in ("Ahlberg", "None", "We")]
    assert [verdict.attribution for verdict in verdicts] == [CITED, CITED, OWN]
    assert verdicts[1].cited_ref == "Ahlberg et al."


def test_opening_sentences_of_an_unlabelled_abstract_are_not_the_papers_own() -> None:
    text = "This drug has led to remission in 60% of adults. We treated 20 children. Remission was seen in 12."
    attributor = Attributor(paper((None, text)))
    assert [attributor.of(1, text.index(words)).attribution for words in ("This", "We", "Remission")] == [
        CITED,
        OWN,
        OWN,
    ]


REFERENCES = (
    Reference("7", "Ahlberg A, Berg B. A trial. J Invented Med 2011.", ("Ahlberg", "Berg"), 2011),
    Reference("8", "Ceder C. Another trial. J Invented Med 2014.", ("Ceder",), 2014),
)


def test_an_author_and_year_lead_to_the_reference() -> None:
    annotated = paper((Section.DISCUSSION, "Remission came in 4 of 9 (Ceder et al., 2014)."), references=REFERENCES)
    assert Attributor(annotated).of(1, 3).cited_ref == REFERENCES[1].text


def test_a_citation_mark_leads_to_the_reference() -> None:
    text = "Remission in 4 of 9 patients has been reported."
    passage = Passage(0, paper((None, text)).document.passages[1].part, text, Section.DISCUSSION)
    marked = Passage(0, passage.part, text, passage.section, citations=(CitationMark(46, ("7",)),))
    made = paper((Section.DISCUSSION, text), references=REFERENCES)
    document = type(made.document)(made.document.source, (marked,), references=REFERENCES)
    annotated = Annotated(document, (tuple(find_sentences(text)),), {}, ())
    verdict = Attributor(annotated).of(0, 0)
    assert (verdict.attribution, verdict.cited_ref) == (CITED, REFERENCES[0].text)
