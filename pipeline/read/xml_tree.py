"""XML as a light tree whose text knows where it stands in the source.

Place in the flow: the JATS and MEDLINE XML readers. The parser is the standard library's expat, because it tells the
place of every piece of text, which lxml does not; entities are never expanded, nothing is fetched, DTDs are not read.
`parse("<p>5 <b>mg</b></p>", what="x.xml").text()` is "5 mg".
"""

from __future__ import annotations

import html.entities
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat

from pipeline.errors import UnreadableSource

MAX_DEPTH = 200
"""Deeper nesting than this is an attack or a broken export; real articles stay below 40."""

_DOCTYPE = '<!DOCTYPE record SYSTEM "none">'

Run = tuple[int, str]
"""A piece of character data and the offset of its first character in the source."""


@dataclass(slots=True, eq=False)
class Node:
    """An element: `tag` is its local name in lower case, `items` its text and children in order, `nodes` the latter."""

    name: str
    tag: str
    attrib: dict[str, str]
    parent: Node | None
    start: int
    items: list[Node | Run] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    end: int = -1
    step: str | None = None  # of its XPath, once asked for

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
        found: list[Node] = []
        _gather_nodes(self, frozenset(tags), found)
        return found

    def texts(self) -> list[str]:
        """All character data below, in order."""
        found: list[str] = []
        _gather_texts(self, found)
        return found

    def text(self) -> str:
        """All text below, blanks collapsed; empty for no text."""
        return " ".join("".join(self.texts()).split())

    def get(self, name: str) -> str | None:
        """An attribute by its local name."""
        value = self.attrib.get(name)
        if value is None:
            value = next((v for k, v in self.attrib.items() if k.endswith(":" + name)), None)
        return value

    def xpath(self) -> str:
        """Absolute XPath of the element, positions counted among siblings of its name."""
        steps: list[str] = []
        node: Node = self
        while node.parent is not None:
            if node.step is None:
                _number_steps(node.parent)
            steps.append(node.step or node.name)
            node = node.parent
        return "/" + "/".join([node.name, *reversed(steps)])


def _number_steps(parent: Node) -> None:
    """Set the XPath step of every child at once."""
    totals = Counter(node.name for node in parent.nodes)
    seen: Counter[str] = Counter()
    for node in parent.nodes:
        seen[node.name] += 1
        node.step = node.name if totals[node.name] == 1 else f"{node.name}[{seen[node.name]}]"


def _gather_nodes(node: Node, tags: frozenset[str], found: list[Node]) -> None:
    for child in node.nodes:
        if not tags or child.tag in tags:
            found.append(child)
        if child.nodes:
            _gather_nodes(child, tags, found)


def _gather_texts(node: Node, found: list[str]) -> None:
    for item in node.items:
        if type(item) is tuple:
            found.append(item[1])
        else:
            _gather_texts(item, found)  # type: ignore[arg-type]


class _Builder:
    """Expat's handlers; `root` is the tree once the parser is done."""

    def __init__(self, parser: expat.XMLParserType, shift: int, astral: list[int]) -> None:
        self.parser = parser
        self.shift = shift
        self.astral = astral
        self.root: Node | None = None
        self.open: Node | None = None
        self.depth = 0
        self.tags: dict[str, str] = {}

    def offset(self) -> int:
        """Code-point offset in the source of the current event (the parser counts UTF-16 bytes)."""
        units = self.parser.CurrentByteIndex // 2
        if self.astral:
            units -= bisect_left(self.astral, units)
        return units + self.shift

    def start(self, name: str, attrib: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeep
        tag = self.tags.get(name) or self.tags.setdefault(name, name.rpartition(":")[2].lower())
        node = Node(name, tag, attrib, self.open, self.offset())
        if self.open is not None:
            self.open.items.append(node)
            self.open.nodes.append(node)
        elif self.root is None:
            self.root = node
        self.open = node

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.open is not None:
            self.open.end = self.offset()
            self.open = self.open.parent

    def data(self, text: str) -> None:
        if self.open is not None:
            self.open.items.append((self.offset(), text))

    def skipped(self, name: str, is_parameter: bool) -> None:
        """A named entity that the file does not declare: HTML's names are known, others stay as printed."""
        if self.open is not None and not is_parameter:
            code = html.entities.name2codepoint.get(name)
            self.open.items.append((self.offset(), chr(code) if code else f"&{name};"))

    def declared(self, *_: object) -> None:
        raise _Declares


class _TooDeep(Exception):
    pass


class _Declares(Exception):
    pass


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
    lead = len(text) - len(body)
    units = (prefix + body).encode("utf-16-le", "surrogatepass")
    parser = expat.ParserCreate(encoding="utf-16le")
    parser.buffer_text = False
    builder = _Builder(parser, base + lead - len(prefix), _astral_units(body, len(prefix)))
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.SkippedEntityHandler = builder.skipped
    parser.EntityDeclHandler = builder.declared
    try:
        parser.Parse(units, True)
    except expat.ExpatError as err:
        raise UnreadableSource(
            f"{what} is not well-formed XML ({expat.errors.messages.get(err.code, 'error')}, line {err.lineno}).",
            what_to_do="Download it again; it may be truncated.",
        ) from err
    except _TooDeep as err:
        raise UnreadableSource(
            f"{what} nests more than {MAX_DEPTH} elements.", what_to_do="Take it off the list."
        ) from err
    except _Declares as err:
        raise declares_entities(what) from err
    if builder.root is None:
        raise UnreadableSource(f"{what} holds no XML element.", what_to_do="Download it again.")
    return builder.root


def declares_entities(what: str) -> UnreadableSource:
    """The error for files that define XML entities."""
    return UnreadableSource(
        f"{what} declares XML entities, which are not read (entity bombs, local files).",
        what_to_do="Take the article from its publisher or PubMed Central.",
    )


def _astral_units(text: str, start: int) -> list[int]:
    """UTF-16 positions of the second halves of characters beyond the basic plane."""
    if text.isascii() or max(text) < "\U00010000":
        return []
    found: list[int] = []
    for index, character in enumerate(text):
        if character >= "\U00010000":
            found.append(start + index + len(found))
    return found
