"""Well-formed XML cut at its tags: flat lists in document order, each piece with its place in the source.

Place in the flow: `xml_tree` makes nodes of it. A piece is a tag with the text that follows it, both slices of the
source, so places need no bookkeeping. The text must be known to be well-formed: nothing is checked here but depth.
"""

from __future__ import annotations

import html.entities
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import accumulate, islice
from operator import add

MAX_DEPTH = 200
"""Deeper nesting than this is an attack or a broken export; real articles stay below 40."""

_TAG = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*""")
_ATTRIBUTE = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
REFERENCE = re.compile(r"&[^;&\s]{1,64};")
_PREDEFINED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NO_ELEMENT = "/?!"
_CDATA = "![CDATA["
_ENDS = {"?": "?>", "!": "-->"}
_MOST_TAGS = 20_000
_LONGEST_TAG = 100
_AHEAD = 200
"""Places are added up as far as somebody asks, and this many tags more: nobody asks for those of a reference list."""
_DEPTHS = bytes(range(MAX_DEPTH + 1))


class TooDeep(Exception):
    """More than `MAX_DEPTH` elements inside each other."""


class Pieces:
    """All tags of a document and the text after each, by number.

    `markup` is what stands between "<" and ">"; `tags` the local name in lower case, empty for what starts no element;
    `depths` how many elements are open after each tag, one byte each, so that ends and parents are found by searching
    for a byte. `texts` are raw character data, references unresolved.
    """

    __slots__ = ("_children", "_known", "_paths", "_places", "cdata", "depths", "markup", "tags", "texts")

    def __init__(self, text: str, base: int) -> None:
        """Cut `text`, which starts with its root's "<" at offset `base` of the source."""
        self._paths: dict[int, str] = {}
        self._children: dict[int, list[int]] = {}
        self.cdata: dict[int, str] = {}
        self.markup: Sequence[str]
        self.texts: Sequence[str]
        lengths = self._cut_evenly(text) or self._cut_with_care(text)
        self._places = accumulate(lengths, initial=base)
        self._known: list[int] = []
        if len(_TAGS) > _MOST_TAGS:
            _TAGS.clear()
        told = list(map(_TAGS.__getitem__, self.markup))
        self.tags = tuple([tag for tag, _, _ in told])
        try:
            self.depths = bytes(accumulate([step for _, step, _ in told]))
        except ValueError:
            raise TooDeep from None
        if self.depths.translate(None, _DEPTHS):
            raise TooDeep

    def _cut_evenly(self, text: str) -> Iterable[int] | None:
        """Cut a text where each ">" ends what the "<" before it began, as in most files; None if it is not so.

        Returns how long each tag is with the text after it, without its two signs.
        """
        if _opens(text, "!"):
            if f"<{_CDATA}" not in text:
                text = _COMMENT.sub(_blank_comment, text)
            if not _is_bare(text, "<!", "-->"):
                return None
        if _opens(text, "?") and not _is_bare(text, "<?", "?>"):
            return None
        cut = text.replace(">", "<").split("<")
        if len(cut) != 2 * text.count("<") + 1:
            return None
        self.markup, self.texts = cut[1::2], cut[2::2]
        return map(add, map(len, self.markup), map(len, self.texts))

    def _cut_with_care(self, text: str) -> Iterable[int]:
        """The same for a text with CDATA, tags in comments, or a ">" that ends nothing."""
        cut = text.split("<")
        del cut[0]
        lengths = [len(piece) - 1 for piece in cut]
        self.cdata = _blank_out(cut) if "<!" in text or "<?" in text else {}
        parts = [piece.partition(">") for piece in cut]
        if text.count(">") != len(cut):
            _mend(parts)
        self.markup, _, self.texts = zip(*parts, strict=True)
        return lengths

    def start(self, number: int) -> int:
        """Offset in the source of the "<" of a tag; of the end for the number after the last."""
        known = self._known
        if number >= len(known):
            known += islice(self._places, number + _AHEAD - len(known))
        return known[number] + 2 * number  # both its signs are in no length

    def name(self, number: int) -> str:
        """An element's name as written, with its prefix."""
        return _TAGS[self.markup[number]][2]

    def close(self, number: int) -> int:
        """The number of an element's end tag; its own if it is empty."""
        depth = self.depths[number]
        return number if depth == self.depths[number - 1] else self.depths.find(depth - 1, number)

    def parent(self, number: int) -> int:
        """The element around one; -1 for the root."""
        depth = self.depths[number - 1]
        if number == 0 or depth == 1:
            return min(number, 1) - 1
        return self.depths.rfind(bytes((depth - 1, depth)), 0, number) + 1  # the last step down to that depth

    def children(self, number: int) -> list[int]:
        """The elements right below one; kept, because places are asked for again and again."""
        found = self._children.get(number)
        if found is not None:
            return found
        tags, depths = self.tags, self.depths
        found = self._children[number] = []
        last, depth = self.close(number), depths[number]
        number += 1
        while number < last:
            if tags[number]:
                found.append(number)
                if depths[number] != depth:
                    number = depths.find(depth, number)
            number += 1
        return found

    def runs(self, number: int) -> list[tuple[int, str]]:
        """The text after a tag: character data with their offsets in the source, each reference on its own."""
        text = self.texts[number]
        if not text:
            return []
        found: list[tuple[int, str]] = []
        if number in self.cdata:
            content = self.cdata[number]
            if content:
                found.append((self.start(number) + 1 + len(_CDATA), content))
            text = text[len(content.replace("&", "&amp;")) :]
        start = self.start(number + 1) - len(text)
        if "&" not in text:
            return [*found, (start, text)] if text else found
        done = 0
        for match in REFERENCE.finditer(text):
            if match.start() > done:
                found.append((start + done, text[done : match.start()]))
            found.append((start + match.start(), character(match[0])))
            done = match.end()
        if done < len(text):
            found.append((start + done, text[done:]))
        return found

    def raw_text(self, number: int) -> str:
        """All character data inside an element as it is, references resolved."""
        depths = self.depths
        if depths[number - 1] < depths[number] > depths[number + 1]:
            joined = self.texts[number]
        else:
            joined = "".join(self.texts[number : self.close(number)])
        return resolve(joined) if "&" in joined else joined

    def text(self, number: int) -> str:
        """All text inside an element, blanks collapsed; empty for no text."""
        return " ".join(self.raw_text(number).split())

    def below(self, number: int, tag: str) -> list[int]:
        """The elements of this name inside one, in order."""
        found: list[int] = []
        last = self.close(number)
        with suppress(ValueError):
            while True:
                number = self.tags.index(tag, number + 1, last)
                found.append(number)
        return found

    def xpath(self, number: int) -> str:
        """Absolute XPath of an element, positions counted among siblings of its name."""
        path = self._paths.get(number)
        if path is None:
            above = self.parent(number)
            if above < 0:
                path = self._paths[number] = "/" + self.name(number)
            else:
                children = self.children(above)
                self._paths.update(zip(children, self.child_paths(above, children), strict=True))
                path = self._paths[number]
        return path

    def child_paths(self, parent: int, children: list[int]) -> list[str]:
        """The XPaths of all elements right below one."""
        start = self.xpath(parent) + "/"
        markup = self.markup
        return [start + step for step in _path_steps(tuple([_TAGS[markup[number]][2] for number in children]))]


@lru_cache(maxsize=1024)  # rows of a table have the same children
def _path_steps(names: tuple[str, ...]) -> tuple[str, ...]:
    """The last steps of the XPaths of elements with these names in the same parent."""
    steps: list[str] = []
    seen: dict[str, int] = {}
    for name in names:
        at = seen[name] = seen.get(name, 0) + 1
        is_only = at == 1 and names.count(name) == 1
        steps.append(name if is_only else f"{name}[{at}]")
    return tuple(steps)


def _blank_comment(match: re.Match[str]) -> str:
    """A comment of the same length that holds no tags."""
    return f"<!--{'x' * (len(match[0]) - 7)}-->"


def _is_bare(text: str, opening: str, closing: str) -> bool:
    """Whether all comments, or all instructions, end and hold no sign of a tag."""
    at = text.find(opening)
    while at >= 0:
        end = text.find(closing, at + len(opening))
        inside = text[at + len(opening) : end]
        if end < 0 or "<" in inside or ">" in inside:
            return False
        at = text.find(opening, end)
    return True


def _opens(text: str, sign: str) -> bool:
    """Whether "<" with this sign after it occurs; the sign alone is rare, so it is found at once."""
    at = text.find(sign)
    while at > 0 and text[at - 1] != "<":
        at = text.find(sign, at + 1)
    return at > 0


_Tag = tuple[str, int, str]
"""What a tag says: the local name in lower case, how many elements more are open after it, the name as written."""


class _Tags(dict[str, _Tag]):
    """Tags by markup; end tags and what is no tag have no name."""

    def __missing__(self, markup: str) -> _Tag:
        tag: _Tag
        if not markup or markup[0] in _NO_ELEMENT:
            tag = "", -(markup[:1] == "/"), ""
        else:
            name = markup.split(None, 1)[0]
            if name != markup and markup[-1] != "/":
                tag = self[name]
            else:
                name = sys.intern(name.rstrip("/"))
                tag = sys.intern(name.rpartition(":")[2].lower()), int(markup[-1] != "/"), name
        if len(markup) < _LONGEST_TAG:
            self[markup] = tag
        return tag


_TAGS = _Tags()
"""Kept from file to file: half of all start tags occur again."""


def _blank_out(cut: list[str]) -> dict[int, str]:
    """Turn comments, instructions and CDATA sections into text without a tag; returns the CDATA, by number."""
    cdata: dict[int, str] = {}
    for number in [number for number, piece in enumerate(cut) if piece[:1] in _ENDS]:
        kind = cut[number][:1]
        if kind not in _ENDS:  # it stood in a comment
            continue
        is_cdata = cut[number].startswith(_CDATA)
        end = "]]>" if is_cdata else _ENDS[kind]
        last, whole = number, cut[number]
        while (at := whole.find(end, 3 if kind == "!" else 1)) < 0 and last + 1 < len(cut):
            last += 1
            whole += "<" + cut[last]
            cut[last] = ">"
        tail = whole[at + len(end) :]
        cut[number] = ">"
        if is_cdata:
            cdata[number] = whole[len(_CDATA) : at]
            cut[number] += cdata[number].replace("&", "&amp;")
        cut[last] += tail
    return cdata


def _mend(parts: list[tuple[str, str, str]]) -> None:
    """Tags that were cut at a ">" inside an attribute."""
    for number, (inner, _, text) in enumerate(parts):
        if ">" in text and inner and inner[0] != "/":
            piece = f"{inner}>{text}"
            match = _TAG.match(piece)
            if match and match.end() != len(inner):
                parts[number] = (match[0], ">", piece[match.end() + 1 :])


def read_attributes(markup: str) -> dict[str, str]:
    """The attributes of a start tag, by their names as written; blanks and references in them resolved."""
    found: dict[str, str] = {}
    for name, double, single in _ATTRIBUTE.findall(markup):
        value = double or single
        if not value.isprintable():
            value = re.sub(r"\r\n|[\r\n\t]", " ", value)
        found[name] = resolve(value) if "&" in value else value
    return found


def attribute(markup: str, name: str) -> str | None:
    """One attribute of a start tag by its local name; None or empty if it has none."""
    if name not in markup:
        return None
    at = markup.find(f' {name}="')
    if at >= 0 and "'" not in markup:
        at += len(name) + 3
        value = markup[at : markup.index('"', at)]
        if value and "&" not in value and value.isprintable():
            return value
    found = read_attributes(markup)
    return found.get(name) or found.get("xlink:" + name) or found.get("xml:" + name)


def flat(text: str) -> str:
    """Character data with its references resolved and its blanks collapsed."""
    return " ".join((resolve(text) if "&" in text else text).split())


def resolve(text: str) -> str:
    """References to characters, replaced by them."""
    return REFERENCE.sub(_resolved, text)


def _resolved(match: re.Match[str]) -> str:
    return character(match[0])


@lru_cache(maxsize=1024)
def character(reference: str) -> str:
    """What a reference stands for. A name that is neither XML's nor HTML's stays as printed."""
    name = reference[1:-1]
    if name[0] == "#":
        return chr(int(name[2:], 16) if name[1] in "xX" else int(name[1:]))
    code = html.entities.name2codepoint.get(name)
    return _PREDEFINED.get(name) or (chr(code) if code else reference)
