"""What one server serves, and what it remembers between requests.

Place in the flow: made by `app`, read by every page.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from pipeline.store import Store

DATABASE = "data"  # name of the database in Datasette's own pages, whatever the file is called
_KEPT = 64  # answers remembered

T = TypeVar("T")


@dataclass
class Site:
    """The file and what reviewers need to write to it.

    Attributes:
        token: what a reviewer must know; None serves read-only.
    """

    path: Path
    token: str | None = None
    kept: OrderedDict[Hashable, object] = field(default_factory=OrderedDict)

    async def ask(self, datasette: Any, question: Callable[[Store], T]) -> T:
        """The answer of a function that reads the database, run in one of Datasette's threads."""
        database = datasette.get_database(DATABASE)
        return cast(T, await database.execute_fn(lambda connection: question(Store(connection, self.path))))

    async def remember(self, datasette: Any, key: Hashable, question: Callable[[Store], T]) -> T:
        """As `ask`; the answer is kept until the file changes."""
        full = (key, self._state())
        if full in self.kept:
            self.kept.move_to_end(full)
            return cast(T, self.kept[full])
        answer = await self.ask(datasette, question)
        self.kept[full] = answer
        while len(self.kept) > _KEPT:
            self.kept.popitem(last=False)
        return answer

    async def work(self, task: Callable[[], T]) -> T:
        """Something slow that does not use Datasette's connections."""
        return await asyncio.get_running_loop().run_in_executor(None, task)

    def _state(self) -> tuple[tuple[int, int], ...]:
        """Changes whenever the database or its write-ahead log is written."""
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        stats = [file.stat() for file in files if file.exists()]
        return tuple((stat.st_mtime_ns, stat.st_size) for stat in stats)


def site_of(datasette: Any) -> Site:
    """The site that `app.make_app` tied to a Datasette."""
    site = datasette.evidence_site
    if not isinstance(site, Site):
        raise TypeError("This Datasette was not made by pipeline.serve.app.")
    return site
