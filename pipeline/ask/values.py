"""Rows and values as they come out of the store: one meaning for asking, plots and pages."""

from __future__ import annotations

from pipeline.store import Value

__all__ = ["Row", "Value", "count", "number", "whole"]

Row = dict[str, Value]
"""Column name → value."""


def whole(value: Value) -> int | None:
    """A whole number, None for anything else.

    >>> whole(3), whole(None), whole("3")
    (3, None, None)
    """
    return value if isinstance(value, int) else None


def count(value: Value) -> int:
    """A whole number of things, 0 for anything else.

    >>> count(3), count(None)
    (3, 0)
    """
    return whole(value) or 0


def number(value: Value) -> float | None:
    """A number as a float, None for anything else.

    >>> number(3), number(None), number("3")
    (3.0, None, None)
    """
    return float(value) if isinstance(value, int | float) else None
