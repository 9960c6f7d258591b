"""How long our evidence page takes beside Datasette's plain page of the same rows.

Place in the flow: used by the benchmark. Both pages are asked for in process, in turn, from the same Datasette.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from pipeline.serve.app import make_app
from pipeline.serve.site import DATABASE


@dataclass(frozen=True, slots=True)
class PageTimes:
    """Seconds. `first` is our page right after the database changed, with its facets counted afresh; the others are
    medians.
    """

    evidence: float
    plain: float
    first: float

    @property
    def ratio(self) -> float:
        """Our page as a multiple of the plain one."""
        return self.evidence / self.plain


def page_times(path: Path, *, rows: int = 100, repeats: int = 7) -> PageTimes:
    """Times of both pages with `rows` rows each.

    Raises:
        StoreError: there is no database of ours at `path`.
    """
    return asyncio.run(_page_times(path, rows, repeats))


async def _page_times(path: Path, rows: int, repeats: int) -> PageTimes:
    client = make_app(path).client
    ours, plain = f"/rows?size={rows}", f"/{DATABASE}/evidence?_size={rows}"
    await client.get("/sign-in")  # starts the server and loads templates
    await client.get(plain)
    times: dict[str, list[float]] = {ours: [], plain: []}
    for _ in range(repeats + 1):
        for address, taken in times.items():
            start = perf_counter()
            answer = await client.get(address)
            answer.raise_for_status()
            taken.append(perf_counter() - start)
    return PageTimes(median(times[ours][1:]), median(times[plain][1:]), times[ours][0])
