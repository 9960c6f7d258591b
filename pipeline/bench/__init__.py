"""Measuring: how fast each stage is, beside peers in the same run, and how cost grows.

Place in the flow: behind `evidence bench` and `make bench`; nothing else imports it. A section is a function
`Plan → Markdown`; `SECTIONS` lists them in the order of the page. Times are processor seconds of the process that
works, so that other work on the machine disturbs them little; each section works in a process of its own, so that its
peak of memory is its own.
"""

from __future__ import annotations

from pipeline.bench.page import SECTIONS, write_page
from pipeline.bench.plan import Plan, make_plan

__all__ = ["SECTIONS", "Plan", "make_plan", "write_page"]
