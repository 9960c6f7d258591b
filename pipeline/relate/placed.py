"""Where arms are named in a sentence, and the arm that a number was given.

Place in the flow: records of `arm_of.py` and of those who ask it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.relate.view import SentenceView


class Hit(Protocol):
    """A place where an arm is named (`arm_aliases.ArmHit`); words for several arms give a hit each."""

    @property
    def arm_id(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Resolver(Protocol):
    """What `arm_reference.ArmResolver` offers."""

    def arms_in(self, passage: int, start: int, end: int) -> Sequence[Hit]: ...

    def default_for(self, passage: int, position: int) -> tuple[str, ...]: ...

    def sides(self) -> tuple[str, ...]: ...

    def off_treatment(self, view: SentenceView, start: int, end: int) -> str | None: ...

    def order_before(self, view: SentenceView) -> tuple[str, str] | None: ...


@dataclass(frozen=True, slots=True)
class Named:
    """Words that name one arm, or several ("both groups")."""

    arm_ids: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The arms of a number and how they were found: "beside", "order", "clause", "default", "none" (nothing names
    one, or several do) or "unread" (a group that is no arm known).
    """

    arm_ids: tuple[str, ...]
    how: str
