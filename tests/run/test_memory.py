"""Freed memory goes back to the system."""

from __future__ import annotations

import sys

import pytest

from pipeline.bench.memory import resident_megabytes
from pipeline.run import memory


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc gives memory back on demand")
def test_what_was_freed_between_blocks_in_use_goes_back() -> None:
    before = resident_megabytes()
    blocks = [bytes(60_000) for _ in range(3000)]
    kept = blocks[::50]
    del blocks
    memory.give_back()
    assert resident_megabytes() - before < 60
    assert len(kept) == 60


def test_another_c_library_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_trim", lambda: None)
    memory.give_back()
