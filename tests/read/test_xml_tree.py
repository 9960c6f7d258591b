"""The XML tree: what stands below a node, and that nothing of a tree is left behind."""

from __future__ import annotations

import gc
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UnreadableSource
from pipeline.read import read_documents
from pipeline.read.xml_tree import Node, parse

_XML = "<a>one <b><c/>two<b>&#955; <c>x</c></b></b><c>𝛽 three</c> four</a>"


def _below(node: Node) -> list[Node]:
    return [found for child in node.nodes for found in (child, *_below(child))]


def _text(node: Node) -> str:
    return "".join(_text(item) if isinstance(item, Node) else item[1] for item in node.items)


def test_each_node_finds_exactly_what_stands_below_it() -> None:
    root = parse(_XML, what="x")
    for node in [root, *_below(root)]:
        assert node.iter() == _below(node)
        assert node.iter("c") == [below for below in _below(node) if below.tag == "c"]
        assert node.raw_text() == _text(node)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ('<a><b c="1 > 0" d=\'"/>\'>x</b>y</a>', "xy"),
        ("<a>x<!-- <b>no</b> > --><c/>y</a>", "xy"),
        ("<a>x<?do <this> ?>y</a>", "xy"),
        ("<a>x<![CDATA[ <b> &amp; > ]]>y</a>", "x <b> &amp; > y"),
        ("<a>1 > 0 &lt; 2 &#x3b1;&#946;</a>", "1 > 0 < 2 αβ"),
        ("<?xml version='1.0'?><!-- a --><a\n b='c'\n>x</a\n><!-- <z> --><?end?>\n", "x"),
        ("<a/>", ""),
    ],
)
def test_markup_is_told_from_text(xml: str, text: str) -> None:
    root = parse(xml, what="x")
    assert (root.tag, root.raw_text(), _text(root)) == ("a", text, text)
    places = [item for node in [root, *_below(root)] for item in node.items if isinstance(item, tuple)]
    assert all(xml.startswith(run, start) for start, run in places if not set(run) & set("αβ<"))


def test_attributes_are_read_with_their_references_and_blanks() -> None:
    root = parse("<a href = 'p?a=1&amp;b=2'  id=\"one\n two\" n='>'/>", what="x")
    assert root.attrib == {"href": "p?a=1&b=2", "id": "one  two", "n": ">"}
    assert (root.get("id"), root.get("none")) == ("one  two", None)


@given(st.recursive(st.text("ab <>&\n'\"é𝛽", max_size=6), lambda inner: st.lists(inner, max_size=4), max_leaves=12))
def test_what_the_standard_parser_reads_is_read(tree: object) -> None:
    def write(part: object) -> str:
        if isinstance(part, str):
            return escape(part)
        return "".join(f"<b c={quoteattr(str(len(inner)))}>{write(inner)}</b>" for inner in part)  # type: ignore[attr-defined]

    xml = f"<a>{write(tree)}</a>"
    ours, theirs = parse(xml, what="x"), ElementTree.fromstring(xml)
    assert ours.raw_text() == "".join(theirs.itertext())
    assert [(node.tag, node.attrib) for node in ours.iter()] == [(e.tag, e.attrib) for e in list(theirs.iter())[1:]]
    assert [node.xpath().count("/") - 1 for node in ours.iter()] == [_depth(node) for node in ours.iter()]


def _depth(node: Node) -> int:
    return 0 if node.parent is None else 1 + _depth(node.parent)


@pytest.mark.parametrize("depth", [200, 201, 50_000])
def test_nesting_ends_somewhere(depth: int) -> None:
    xml = "<a>" * depth + "</a>" * depth
    if depth <= 200:
        assert parse(xml, what="x").tag == "a"
    else:
        with pytest.raises(UnreadableSource, match="nests more than 200"):
            parse(xml, what="x")


def test_text_knows_its_place_beyond_the_basic_plane() -> None:
    places = [item for node in _below(parse(_XML, what="x")) for item in node.items if isinstance(item, tuple)]
    assert ("𝛽 three" in [text for _, text in places]) and all(
        _XML.startswith(text, start) for start, text in places if text != "λ"
    )


def test_a_read_article_leaves_no_tree_to_the_garbage_collector(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<article><front/><body><sec><p>Eight adults took part.</p></sec></body></article>")
    gc.collect()
    gc.disable()
    try:
        before = sum(type(thing) is Node for thing in gc.get_objects())
        assert len(list(read_documents(path))) == 1
        assert sum(type(thing) is Node for thing in gc.get_objects()) == before
    finally:
        gc.enable()
