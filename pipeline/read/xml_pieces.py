"""Well-formed XML cut at its tags: flat lists in document order, each piece with its place in the source.

Place in the flow: `xml_tree` makes nodes of it. A piece is a tag with the text that follows it, both slices of the
source, so places need no bookkeeping. The text must be known to be well-formed: nothing is checked here but depth.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

MAX_DEPTH = 200
"""Deeper nesting than this is an attack or a broken export; real articles stay below 40."""

_TAG = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*""")
_ATTRIBUTE = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&[^;&\s]{1,64};")
_PREDEFINED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_CDATA = "![CDATA["
_ENDS = {"?": "?>", "!": "-->"}


class TooDeep(Exception):
    """More than `MAX_DEPTH` elements inside each other."""


class Pieces:
    """All tags of a document and the text after each, by number.

    `markup` is what stands between "<" and ">", empty for what is no tag; `tags` the local name in lower case, empty
    for what starts no element; `close` the number of the end tag, the element's own if it is empty; `parents` the
    element around it. `texts` are raw character data, references unresolved. `starts` is the offset of each "<" in the
    source, and one more for the end.
    """

    __slots__ = ("_cdata", "_paths", "close", "markup", "parents", "starts", "tags", "texts")

    def __init__(self, text: str, base: int) -> None:
        """Cut `text`, which starts with its root's "<" at offset `base` of the source."""
        cut = text.split("<")
        del cut[0]
        self.starts = list(accumulate([len(piece) + 1 for piece in cut], initial=base))
        self._paths: dict[int, str] = {}
        self._cdata = _blank_out(cut) if "<!" in text or "<?" in text else {}
        parts = [piece.partition(">") for piece in cut]
        if text.count(">") != len(cut):
            _mend(parts)
        self.markup: Sequence[str]
        self.texts: Sequence[str]
        self.markup, _, self.texts = zip(*parts, strict=True)
        self.tags = list(map(_Tags().__getitem__, self.markup))
        self.close = list(range(len(cut)))
        self.parents = [-1] * len(cut)
        self._nest()

    def _nest(self) -> None:
        """Find each element's end and parent."""
        close, parents, markup = self.close, self.parents, self.markup
        stack = [-1]
        push, pop = stack.append, stack.pop
        number = -1
        for tag in self.tags:
            number += 1
            if tag:
                if len(stack) > MAX_DEPTH:
                    raise TooDeep
                parents[number] = stack[-1]
                if markup[number][-1] != "/":
                    push(number)
            elif markup[number]:
                close[pop()] = number

    def name(self, number: int) -> str:
        """An element's name as written, with its prefix."""
        return _name(self.markup[number])

    def children(self, number: int) -> Iterator[int]:
        """The elements right below one."""
        tags, close = self.tags, self.close
        last = close[number]
        number += 1
        while number < last:
            if tags[number]:
                yield number
                number = close[number]
            number += 1

    def runs(self, number: int) -> list[tuple[int, str]]:
        """The text after a tag: character data with their offsets in the source, each reference on its own."""
        text = self.texts[number]
        if not text:
            return []
        found: list[tuple[int, str]] = []
        if number in self._cdata:
            content = self._cdata[number]
            if content:
                found.append((self.starts[number] + 1 + len(_CDATA), content))
            text = text[len(content.replace("&", "&amp;")) :]
        start = self.starts[number + 1] - len(text)
        if "&" not in text:
            return [*found, (start, text)] if text else found
        done = 0
        for match in _REFERENCE.finditer(text):
            if match.start() > done:
                found.append((start + done, text[done : match.start()]))
            found.append((start + match.start(), _character(match)))
            done = match.end()
        if done < len(text):
            found.append((start + done, text[done:]))
        return found

    def raw_text(self, number: int) -> str:
        """All character data inside an element as it is, references resolved."""
        joined = "".join(self.texts[number : self.close[number]])
        return resolve(joined) if "&" in joined else joined

    def text(self, number: int) -> str:
        """All text inside an element, blanks collapsed; empty for no text."""
        return " ".join(self.raw_text(number).split())

    def printed(self, number: int) -> str:
        """As `raw_text`, without CDATA (formulas said twice) and with one letter for each reference."""
        last = self.close[number]
        texts = list(self.texts[number:last])
        for at, content in self._cdata.items():
            if number <= at < last:
                texts[at - number] = texts[at - number][len(content.replace("&", "&amp;")) :]
        joined = "".join(texts)
        return _REFERENCE.sub("x", joined) if "&" in joined else joined

    def xpath(self, number: int) -> str:
        """Absolute XPath of an element, positions counted among siblings of its name."""
        path = self._paths.get(number)
        if path is None:
            above = self.parents[number]
            if above < 0:
                path = self._paths[number] = "/" + self.name(number)
            else:
                self._number_children(above)
                path = self._paths[number]
        return path

    def _number_children(self, parent: int) -> None:
        """Set the XPath of every child at once."""
        path = self.xpath(parent)
        named: dict[str, list[int]] = {}
        for number in self.children(parent):
            named.setdefault(_name(self.markup[number]), []).append(number)
        for name, numbers in named.items():
            if len(numbers) == 1:
                self._paths[numbers[0]] = f"{path}/{name}"
            else:
                for position, number in enumerate(numbers, start=1):
                    self._paths[number] = f"{path}/{name}[{position}]"


class _Tags(dict[str, str]):
    """Local names by markup, each found once; empty for end tags and what is no tag."""

    def __missing__(self, markup: str) -> str:
        if not markup or markup[0] == "/":
            tag = ""
        else:
            name = _name(markup)
            tag = self[name] if name != markup else name.rpartition(":")[2].lower()
        self[markup] = tag
        return tag


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


def resolve(text: str) -> str:
    """References to characters, replaced by them."""
    return _REFERENCE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    """What a reference stands for. A name that is neither XML's nor HTML's stays as printed."""
    name = match[0][1:-1]
    if name[0] == "#":
        return chr(int(name[2:], 16) if name[1] in "xX" else int(name[1:]))
    code = html.entities.name2codepoint.get(name)
    return _PREDEFINED.get(name) or (chr(code) if code else match[0])


def _name(markup: str) -> str:
    return markup.split(None, 1)[0].rstrip("/")
