"""Fixtures of all tests: one tagging pipeline per session, fresh databases, documents made of sentences, no network."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from pipeline.document import Document, Part, Passage, Section, Source, SourceMap
from pipeline.store import Store, open_store

if TYPE_CHECKING:
    from pipeline.tag.tagger import Tagger

ROOT = Path(__file__).resolve().parent.parent
_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


# Speed is measured by `make bench`, never by a test: a loaded machine must not fail one.
settings.register_profile("evidence", deadline=None, derandomize=True)
settings.load_profile("evidence")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Write tests/golden afresh; read the diff.")


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Connections leave the machine in no test."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and not str(host).startswith(_LOOPBACK):
            raise OSError(f"A test tried to reach {host}.")

    def guarded(self: socket.socket, address: object) -> None:
        check(address)
        connect(self, address)  # type: ignore[arg-type]

    def guarded_ex(self: socket.socket, address: object) -> int:
        check(address)
        return connect_ex(self, address)  # type: ignore[arg-type]

    patch.setattr(socket.socket, "connect", guarded)
    patch.setattr(socket.socket, "connect_ex", guarded_ex)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The shipped tagging pipeline, loaded once."""
    from pipeline.run.engine import tagger_for

    return tagger_for("default")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty database in a folder of its own."""
    with open_store(tmp_path / "evidence.db", create=True) as made:
        yield made


@pytest.fixture(scope="session")
def founding_papers() -> list[Path]:
    """The two papers of corpus/papers."""
    return sorted((ROOT / "corpus" / "papers").glob("*.txt"))


@pytest.fixture(scope="session")
def make_document() -> Callable[..., Document]:
    """`make_document("Sentence. Sentence.", section=Section.RESULTS, doi=…)` → a document of one abstract passage.

    More positional texts make more passages; `title` is the title's text. Keywords else go to `Document`.
    """

    def make(*texts: str, section: Section | None = None, name: str = "paper.txt", **fields: object) -> Document:
        passages, offset = [], 0
        for ordinal, text in enumerate(texts):
            mapping = SourceMap.identity(len(text), offset)
            passages.append(Passage(ordinal, Part.ABSTRACT, text, section=section, source_map=mapping))
            offset += len(text) + 1
        digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
        return Document(Source(name, "text", digest), tuple(passages), **fields)  # type: ignore[arg-type]

    return make
