"""The XML tree: what stands below a node, and that nothing of a tree is left behind."""

from __future__ import annotations

import gc
from pathlib import Path

from pipeline.read import read_documents
from pipeline.read.xml_tree import Node, parse

_XML = "<a>one <b><c/>two<b>&#955; <c>x</c></b></b><c>𝛽 three</c> four</a>"


def _below(node: Node) -> list[Node]:
    return [found for child in node.nodes for found in (child, *_below(child))]


def _texts(node: Node) -> list[str]:
    return [text for item in node.items for text in (_texts(item) if isinstance(item, Node) else [item[1]])]


def test_each_node_finds_exactly_what_stands_below_it() -> None:
    root = parse(_XML, what="x")
    for node in [root, *_below(root)]:
        assert node.iter() == _below(node)
        assert node.iter("c") == [below for below in _below(node) if below.tag == "c"]
        assert node.texts() == _texts(node)


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
