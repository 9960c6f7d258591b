"""What a page shows ⇄ its address, so that every view can be bookmarked, shared and reached by going back.

Place in the flow: used by `views`. Typed filters (`drug=FSGS`) find other names and children of a concept; chosen
facets (`is_drug=tacrolimus`) are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pipeline.ask.browse import FACETS, Browse
from pipeline.ask.query import Filters

TYPED = ("q", "drug", "histology", "outcome", "condition", "paper")
SORTS = {"paper": "paper", "newest": "newest first", "confidence": "confidence"}
SIZES = (50, 100, 500)
_NAMED = ("drug", "histology", "outcome", "condition")


@dataclass(frozen=True, slots=True)
class View:
    """One view of the evidence: `typed` are (name, text), `chosen` are (facet, value). Pages count from 1."""

    typed: tuple[tuple[str, str], ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()
    sort: str = "paper"
    page: int = 1
    size: int = SIZES[0]

    @property
    def browse(self) -> Browse:
        """What to ask the database."""
        typed = dict(self.typed)
        filters = Filters(
            drug=_one(typed, "drug"),
            histology=_one(typed, "histology"),
            outcome=_one(typed, "outcome"),
            condition=_one(typed, "condition"),
            paper=typed.get("paper"),
            text=typed.get("q"),
        )
        return Browse(filters, self.chosen)

    def value(self, name: str) -> str:
        """What was typed for `name`, "" for nothing."""
        return dict(self.typed).get(name, "")

    def link(
        self,
        path: str = "/rows",
        *,
        add: Sequence[tuple[str, str]] = (),
        without: tuple[str, str] | None = None,
        page: int = 1,
    ) -> str:
        """The address of this view with facet values added, one filter taken out, or another page."""
        typed = [(name, text) for name, text in self.typed if (name, text) != without]
        chosen = [pair for pair in self.chosen if pair != without]
        chosen += [pair for pair in add if pair not in chosen]
        parts = [*typed, *((f"is_{name}", value) for name, value in chosen)]
        if self.sort != "paper":
            parts.append(("sort", self.sort))
        if self.size != SIZES[0]:
            parts.append(("size", str(self.size)))
        if page != 1:
            parts.append(("page", str(page)))
        return f"{path}?{urlencode(parts)}" if parts else path


def parse(arguments: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> View:
    """The view an address asks for; what cannot be understood is left out.

    Args:
        arguments: the first value of each argument.
        lists: all values of each argument.
    """
    typed = tuple((name, text) for name in TYPED if (text := arguments.get(name, "").strip()))
    chosen = tuple(
        dict.fromkeys((name, value) for name in FACETS for value in lists.get(f"is_{name}", ()) if value.strip())
    )
    sort = arguments.get("sort", "paper")
    size = _number(arguments.get("size"), SIZES[0])
    return View(
        typed=typed,
        chosen=chosen,
        sort=sort if sort in SORTS else "paper",
        page=max(1, min(_number(arguments.get("page"), 1), 1_000_000)),
        size=min(max(1, size), max(SIZES)),
    )


def _one(typed: Mapping[str, str], name: str) -> tuple[str, ...]:
    return (typed[name],) if name in _NAMED and name in typed else ()


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else otherwise
