"""Turn papers into an evidence database with proof for every number.

    read → tag → link → relate → assemble → load, then query

`read` makes a Document of a file, `tag` and `link` find and identify mentions, `relate` and `assemble` make rows of
them, `load` stores one paper in one transaction, and `ask` answers questions with quotes.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.ask.database import EvidenceDB

__all__ = ["EvidenceDB", "__version__"]

try:
    __version__ = version("evidence-pipeline")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`EvidenceDB` on first use, so that importing a part of the package stays light."""
    if name == "EvidenceDB":
        from pipeline.ask.database import EvidenceDB

        return EvidenceDB
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
