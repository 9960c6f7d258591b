"""XML as a light tree whose text knows where it stands in the source.

Place in the flow: the JATS and MEDLINE XML readers. The standard library's expat says first whether the text is
well-formed and declares nothing; entities are never expanded, nothing is fetched, DTDs are not read. Then `xml_pieces`
cuts the text at its tags, which is several times faster than a parser that calls back for each of them and tells the
place of each piece; an element becomes a `Node` only when somebody asks for it.
`parse("<p>5 <b>mg</b></p>", what="x.xml").text()` is "5 mg".
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from xml.parsers import expat

from pipeline.errors import UnreadableSource
from pipeline.read.xml_pieces import MAX_DEPTH, Pieces, TooDeep, attribute, read_attributes

_DOCTYPE = '<!DOCTYPE record SYSTEM "none">'

Run = tuple[int, str]
"""A piece of character data and the offset of its first character in the source."""


class Node:
    """An element: a number into the pieces of its file. `tag` is its local name in lower case.

    Two nodes are equal if they are the same element. Parents are made anew when asked for, so that no node holds what
    holds it.
    """

    __slots__ = ("_nodes", "index", "pieces", "tag")

    def __init__(self, pieces: Pieces, index: int) -> None:
        self.pieces, self.index, self.tag = pieces, index, pieces.tags[index]
        self._nodes: list[Node] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.pieces is other.pieces and self.index == other.index

    def __hash__(self) -> int:
        return self.index

    @property
    def name(self) -> str:
        """The name as written, with its prefix."""
        return self.pieces.name(self.index)

    @property
    def start(self) -> int:
        """Offset of the start tag in the source."""
        return self.pieces.start(self.index)

    @property
    def end(self) -> int:
        """Offset of the end tag in the source; that of the start tag for an empty element."""
        return self.pieces.start(self.pieces.close(self.index))

    @property
    def parent(self) -> Node | None:
        """The element around this one."""
        above = self.pieces.parent(self.index)
        return None if above < 0 else Node(self.pieces, above)

    @property
    def nodes(self) -> list[Node]:
        """Child elements."""
        if self._nodes is None:
            pieces = self.pieces
            self._nodes = [Node(pieces, child) for child in pieces.children(self.index)]
        return self._nodes

    @property
    def items(self) -> list[Node | Run]:
        """Text and child elements, in order."""
        pieces, found = self.pieces, list[Node | Run]()
        last = pieces.close(self.index)
        at = self.index
        while at < last:
            found += pieces.runs(at)
            at += 1
            if at < last and pieces.tags[at]:
                found.append(Node(pieces, at))
                if pieces.close(at) > at:
                    at = pieces.close(at)
        return found

    @property
    def attrib(self) -> dict[str, str]:
        """Attributes by the names as written."""
        return read_attributes(self.pieces.markup[self.index])

    def children(self, *tags: str) -> list[Node]:
        """Child elements, all or those with one of the tags."""
        return [node for node in self.nodes if node.tag in tags] if tags else self.nodes

    def child(self, *tags: str) -> Node | None:
        """The first child with one of the tags."""
        for node in self.nodes:
            if node.tag in tags:
                return node
        return None

    def find(self, path: str) -> Node | None:
        """First node down a path of child tags, "front/article-meta"."""
        node: Node | None = self
        for tag in path.split("/"):
            node = node.child(tag) if node else None
        return node

    def iter(self, *tags: str) -> list[Node]:
        """Descendants in document order (not self), all or those with one of the tags."""
        pieces, start = self.pieces, self.index + 1
        if len(tags) == 1:
            return [Node(pieces, at) for at in pieces.below(self.index, tags[0])]
        inside = pieces.tags[start : pieces.close(self.index)]
        if not tags:
            return [Node(pieces, at) for at, tag in enumerate(inside, start) if tag]
        wanted = frozenset(tags)
        if wanted.isdisjoint(inside):  # mostly so, and soon told
            return []
        return [Node(pieces, at) for at, tag in enumerate(inside, start) if tag in wanted]

    def holds(self, tags: frozenset[str]) -> bool:
        """Whether one of these stands somewhere below."""
        return not tags.isdisjoint(self.pieces.tags[self.index + 1 : self.pieces.close(self.index)])

    def raw_text(self) -> str:
        """All character data below, as it is, references resolved."""
        return self.pieces.raw_text(self.index)

    def text(self) -> str:
        """All text below, blanks collapsed; empty for no text."""
        return self.pieces.text(self.index)

    def get(self, name: str) -> str | None:
        """An attribute by its local name."""
        return attribute(self.pieces.markup[self.index], name)

    def xpath(self) -> str:
        """Absolute XPath of the element, positions counted among siblings of its name."""
        return self.pieces.xpath(self.index)


@contextmanager
def no_collection() -> Iterator[None]:
    """Lists of a million strings hold no garbage; looking for some takes as long as the work itself."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def empty_node(tag: str) -> Node:
    """An element with nothing in it, in place of one that is missing."""
    return parse(f"<{tag}/>", what=tag)


class _Declares(Exception):
    pass


def _refuse_declaration(*_: object) -> None:
    raise _Declares


def parse(text: str, *, what: str, base: int = 0, fragment: bool = False) -> Node:
    """Parse decoded XML text.

    Args:
        text: the document, or one element of it.
        what: the source's name for messages.
        base: offset of `text` in the whole source.
        fragment: `text` is one element out of a larger file.

    Raises:
        UnreadableSource: not well-formed, truncated, nested too deep, or declaring entities.
    """
    prefix = _DOCTYPE if fragment else ""
    body = text.lstrip("\ufeff")
    start = _root_start(prefix + body, what) - len(prefix)
    lead = len(text) - len(body)
    try:
        pieces = Pieces(body[start:] if start else body, base + lead + start)
    except TooDeep as err:
        raise UnreadableSource(
            f"{what} nests more than {MAX_DEPTH} elements.", what_to_do="Take it off the list."
        ) from err
    return Node(pieces, 0)


def _root_start(text: str, what: str) -> int:
    """Offset of the first element of a text that is well-formed and declares no entities.

    Raises:
        UnreadableSource: it is not, or does.
    """
    units = text.encode("utf-8", "surrogatepass")
    parser = expat.ParserCreate(encoding="utf-8")
    found: list[int] = []

    def first_element(*_: object) -> None:
        parser.StartElementHandler = None
        found.append(parser.CurrentByteIndex)

    parser.StartElementHandler = first_element
    parser.EntityDeclHandler = _refuse_declaration
    try:
        parser.Parse(units, True)
    except expat.ExpatError as err:
        raise UnreadableSource(
            f"{what} is not well-formed XML ({expat.errors.messages.get(err.code, 'error')}, line {err.lineno}).",
            what_to_do="Download it again; it may be truncated.",
        ) from err
    except _Declares as err:
        raise declares_entities(what) from err
    finally:
        parser.StartElementHandler = parser.EntityDeclHandler = None  # they hold the parser, and it holds them
    return len(units[: found[0]].decode("utf-8"))


def declares_entities(what: str) -> UnreadableSource:
    """The error for files that define XML entities."""
    return UnreadableSource(
        f"{what} declares XML entities, which are not read (entity bombs, local files).",
        what_to_do="Take the article from its publisher or PubMed Central.",
    )
