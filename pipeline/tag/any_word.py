"""A pattern for any of many words that shares their beginnings: the regex engine tries each letter once.

Place in the flow: used by the patterns of `tag` that ask at every word whether it is one of seventy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_Tree = dict[str, "_Tree"]  # "" marks the end of a word


def any_word(words: Iterable[str]) -> str:
    """The pattern of exactly these words; of two that begin alike the longer is tried first.

    >>> any_word(["than", "that", "the", "a"])
    '(?:tha(?:n|t)|the|a)'
    """
    tree: _Tree = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _pattern(tree)


def _pattern(node: _Tree) -> str:
    branches = [re.escape(letter) + _pattern(below) for letter, below in node.items() if letter]
    if not branches:
        return ""
    may_end = "" in node
    if len(branches) == 1 and not may_end:
        return branches[0]
    return f"(?:{'|'.join(branches)})" + ("?" if may_end else "")
