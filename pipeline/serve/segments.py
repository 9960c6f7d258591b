"""A text cut into pieces at the edges of what stands over it, so that overlapping mentions nest in HTML without harm.

Place in the flow: used by `paper` and the row page. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Over:
    """Something over `[start, end)` of a text: a mention, or a quote (label "")."""

    start: int
    end: int
    label: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text. `label` and `note` are of the shortest mention over it; `quoted` if a quote is over it."""

    text: str
    label: str = ""
    note: str = ""
    quoted: bool = False


def segments(text: str, overs: Sequence[Over], *, start: int = 0, end: int | None = None) -> Iterator[Segment]:
    """The pieces of `text[start:end]`; joined, they are the text."""
    end = len(text) if end is None else end
    inside = sorted((o for o in overs if o.start < end and start < o.end and o.start < o.end), key=lambda o: o.start)
    edges = sorted({start, end, *(min(max(edge, start), end) for o in inside for edge in (o.start, o.end))})
    active: list[Over] = []
    upcoming = iter(inside)
    following = next(upcoming, None)
    for low, high in pairwise(edges):
        while following is not None and following.start <= low:
            active.append(following)
            following = next(upcoming, None)
        active = [o for o in active if o.end > low]
        mentions = [o for o in active if o.label]
        quoted = len(mentions) < len(active)
        best = min(mentions, key=lambda o: o.end - o.start, default=None)
        if best is None:
            yield Segment(text[low:high], quoted=quoted)
        else:
            yield Segment(text[low:high], best.label, best.note, quoted)
