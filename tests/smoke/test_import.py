"""The package imports, and its records keep their own rules."""

import pytest

from pipeline.document import SourceMap, Span
from pipeline.errors import RecordError


def test_span_must_not_be_empty() -> None:
    with pytest.raises(RecordError):
        Span(3, 3)


def test_source_map_leads_repaired_text_back_to_the_source() -> None:
    source = "cyclo-\nsporine"
    repaired = "cyclosporine"
    mapping = SourceMap.from_offsets([*range(5), *range(7, 14)])
    assert mapping.source_span(0, len(repaired)) == (0, len(source))
    assert mapping.pieces(3, 7) == [(3, 5), (7, 9)]
