"""For any text: what is found stands at its offsets, and leads back to the source."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.evidence import Failure
from pipeline.read import decode, read_documents
from pipeline.tag.tagger import Tagger

_WORDS = st.sampled_from(
    [
        "tacrolimus", "cyclo-\nsporine", "(CsA)", "0.5 ± 0.2 mg/kg", "FSGS", "nephrotic syndrome", "remission", "12/15",
        "(80%)",
        "P = 0.03", "at 6 months", "low -dose", "wit h", "studies2 -5", "\n", "\n\n", ".", "no", "μmol/L", "１２",
    ]
)  # fmt: skip
_TEXT = st.lists(_WORDS | st.text(max_size=8), min_size=1, max_size=40).map(" ".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_TEXT)
def test_mentions_stand_at_their_offsets_and_lead_back(tagger: Tagger, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.txt"
        path.write_text(text, encoding="utf-8", errors="replace", newline="")
        try:
            documents = list(read_documents(path))
        except SourceError:
            return
        source = decode(path)
    for document in documents:
        if isinstance(document, Failure):
            continue
        annotated = tagger.tag(document)
        for mention in annotated.mentions:
            passage = document.passages[mention.passage]
            assert passage.text[mention.start : mention.end] == mention.text
            assert passage.source_map is not None
            pieces = passage.source_map.pieces(mention.start, mention.end)
            copied = iter("".join(source[low:high] for low, high in pieces))
            span = passage.source_span(mention.start, mention.end)
            assert span is not None
            assert 0 <= span[0] < span[1] <= len(source)
            # What was copied is the mention without what a repair put in, in the same order.
            rest = iter(mention.text)
            assert all(character in rest for character in copied)
