"""What the steps of `relate` share is made once per paper, and never taken from another paper."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.document import Document
from pipeline.relate import relate
from pipeline.relate.attribution import attributor_of
from pipeline.relate.view import sentence_views
from pipeline.tag.tagger import Tagger

TEXTS = (
    "We randomised 40 adults to quinapril (n = 20) or placebo (n = 20). Proteinuria fell by 30% with quinapril.",
    "Smith et al. gave rituximab to 12 children. Remission was seen in 8 of 12 children given rituximab.",
)


def test_papers_in_turns_give_what_each_gives_alone(tagger: Tagger, make_document: Callable[..., Document]) -> None:
    first, second = (tagger.tag(make_document(text)) for text in TEXTS)
    alone = relate(first), relate(second)
    assert (relate(first), relate(second)) == alone
    assert sentence_views(second) is sentence_views(second)
    assert [view.text for view in sentence_views(first)] != [view.text for view in sentence_views(second)]
    assert attributor_of(first) is attributor_of(first)
    assert attributor_of(second) is not attributor_of(first)
