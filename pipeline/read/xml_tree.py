"""XML as a light tree whose text knows where it stands in the source.

Place in the flow: the JATS and MEDLINE XML readers. The parser is the standard library's expat, because it tells the
place of every piece of text, which lxml does not; entities are never expanded, nothing is fetched, DTDs are not read.
`parse("<p>5 <b>mg</b></p>", what="x.xml").text()` is "5 mg".
"""

from __future__ import annotations

import gc
import html.entities
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from xml.parsers import expat

from pipeline.errors import UnreadableSource

MAX_DEPTH = 200
"""Deeper nesting than this is an attack or a broken export; real articles stay below 40."""

_PLACED = 6
"""Elements down to this depth know where they start and end: articles of a set, their parts, reference lists."""

_DOCTYPE = '<!DOCTYPE record SYSTEM "none">'

Run = tuple[int, str]
"""A piece of character data and the offset of its first character in the source."""


class Node:
    """An element: `tag` is its local name in lower case, `items` its text and children in order, `nodes` the latter.

    `start` and `end` are its offsets in the source, -1 deep in the tree.
    """

    __slots__ = (
        *("attrib", "end", "items", "name", "nodes", "parent", "path", "start", "tag"),
        *("tree", "index", "last", "first_text", "last_text"),
    )

    def __init__(self, name: str, tag: str, attrib: dict[str, str], parent: Node | None, start: int) -> None:
        self.name, self.tag, self.attrib, self.parent, self.start = name, tag, attrib, parent, start
        self.end = -1
        self.items: list[Node | Run] = []
        self.nodes: list[Node] = []
        self.path: str | None = None  # its XPath, once asked for
        self.tree: _Tree | None = None  # None for a node made by hand
        # What is below it: `tree.nodes[index:last]` and `tree.texts[first_text:last_text]`.
        self.index = self.last = self.first_text = self.last_text = 0

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
        if self.tree is None:
            found: list[Node] = []
            _gather_nodes(self, frozenset(tags), found)
            return found
        nodes = self.tree.nodes[self.index : self.last]
        return [node for node in nodes if node.tag in tags] if tags else nodes

    def texts(self) -> list[str]:
        """All character data below, in order."""
        if self.tree is None:
            found: list[str] = []
            _gather_texts(self, found)
            return found
        return self.tree.texts[self.first_text : self.last_text]

    def text(self) -> str:
        """All text below, blanks collapsed; empty for no text."""
        return " ".join("".join(self.texts()).split())

    def get(self, name: str) -> str | None:
        """An attribute by its local name."""
        attrib = self.attrib
        return (attrib.get(name) or attrib.get("xlink:" + name) or attrib.get("xml:" + name)) if attrib else None

    def xpath(self) -> str:
        """Absolute XPath of the element, positions counted among siblings of its name."""
        if self.path is None:
            if self.parent is None:
                self.path = "/" + self.name
            else:
                _number_children(self.parent)
        return self.path or ""


class _Tree:
    """All nodes and all pieces of text of a file, in document order."""

    __slots__ = ("nodes", "texts")

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.texts: list[str] = []


def _number_children(parent: Node) -> None:
    """Set the XPath of every child at once."""
    path = parent.xpath()
    named: dict[str, list[Node]] = {}
    for node in parent.nodes:
        named.setdefault(node.name, []).append(node)
    for name, nodes in named.items():
        if len(nodes) == 1:
            nodes[0].path = f"{path}/{name}"
        else:
            for number, node in enumerate(nodes, start=1):
                node.path = f"{path}/{name}[{number}]"


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


_Finished = Callable[[], "Node | None"]


def _offset_teller(parser: expat.XMLParserType, shift: int, astral: list[int]) -> Callable[[], int]:
    """The function that gives the source offset, in code points, of what is being parsed."""

    def offset() -> int:
        # The parser counts UTF-16 bytes.
        units = parser.CurrentByteIndex >> 1
        return units + shift - (bisect_left(astral, units) if astral else 0)

    return offset


def _refuse_declaration(*_: object) -> None:
    raise _Declares


def _take_root(parser: expat.XMLParserType, top: Node) -> Node | None:
    """The tree, alone: parser and handlers hold each other, and `top` holds the tree, so let go of both."""
    parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
    parser.SkippedEntityHandler = parser.EntityDeclHandler = None
    root = top.nodes[0] if top.nodes else None
    top.nodes.clear()
    top.items.clear()
    return root


def _build(parser: expat.XMLParserType, shift: int, astral: list[int]) -> _Finished:
    """Set handlers that build the tree; the function returned gives its root."""
    # Closures, and nothing called that can be written out: these run for every element.
    tags: dict[str, str] = {}
    top = Node("", "", {}, None, 0)
    path: list[Node] = [top]
    items = top.items
    offset = _offset_teller(parser, shift, astral)
    tree = _Tree()
    nodes, texts = tree.nodes, tree.texts

    def start(name: str, attrib: dict[str, str]) -> None:
        nonlocal items
        depth = len(path)
        if depth > MAX_DEPTH:
            raise _TooDeep
        tag = tags.get(name)
        if tag is None:
            tag = tags[name] = name.rpartition(":")[2].lower()
        parent = path[-1]
        node = Node(name, tag, attrib, parent if depth > 1 else None, offset() if depth <= _PLACED else -1)
        node.tree = tree
        items.append(node)
        parent.nodes.append(node)
        nodes.append(node)
        node.index, node.first_text = len(nodes), len(texts)
        path.append(node)
        items = node.items

    def end(name: str) -> None:
        nonlocal items
        node = path.pop()
        node.last, node.last_text = len(nodes), len(texts)
        items = path[-1].items
        if len(path) <= _PLACED:
            node.end = offset()

    def data(text: str) -> None:
        texts.append(text)
        items.append((offset(), text))

    def data_of_basic_plane(text: str) -> None:
        texts.append(text)
        items.append(((parser.CurrentByteIndex >> 1) + shift, text))

    def skipped(name: str, is_parameter: bool) -> None:
        # A named entity that the file does not declare: HTML's names are known, others stay as printed.
        if not is_parameter:
            code = html.entities.name2codepoint.get(name)
            data(chr(code) if code else f"&{name};")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data if astral else data_of_basic_plane
    parser.SkippedEntityHandler = skipped
    parser.EntityDeclHandler = _refuse_declaration
    return lambda: _take_root(parser, top)


@contextmanager
def no_collection() -> Iterator[None]:
    """A tree being built or read holds no garbage; looking for some takes half as long as the work itself.

    Take the tree apart (`release`) before the block ends, or it is looked through then.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def release(root: Node) -> None:
    """Take the tree apart: children and parents hold each other, and would wait for the garbage collector."""
    if root.tree is not None:
        for node in root.tree.nodes:
            node.parent = None
        root.tree.nodes.clear()


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
    has_astral = len(units) != 2 * (len(prefix) + len(body))
    astral = _astral_units(body, len(prefix)) if has_astral else []
    root = _build(parser, base + lead - len(prefix), astral)
    try:
        with no_collection():
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
    found = root()
    if found is None:
        raise UnreadableSource(f"{what} holds no XML element.", what_to_do="Download it again.")
    return found


def declares_entities(what: str) -> UnreadableSource:
    """The error for files that define XML entities."""
    return UnreadableSource(
        f"{what} declares XML entities, which are not read (entity bombs, local files).",
        what_to_do="Take the article from its publisher or PubMed Central.",
    )


def _astral_units(text: str, start: int) -> list[int]:
    """UTF-16 positions of the second halves of characters beyond the basic plane."""
    found: list[int] = []
    for index, character in enumerate(text):
        if character >= "\U00010000":
            found.append(start + index + len(found))
    return found
