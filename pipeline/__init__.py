"""Turn papers into an evidence database with proof for every number.

    read → tag → link → relate → assemble → load, then query

`read` makes a Document of a file, `tag` and `link` find and identify mentions, `relate` and `assemble` make rows of
them, `load` stores one paper in one transaction, and `ask` answers questions with quotes.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("evidence-pipeline")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0.1.0"
