"""Questions to a folder of Parquet shards: the same filters, names and groups as of a database.

Place in the flow: `evidence query FOLDER`. Names are resolved by the lexicon and by what the papers of the shards call
things; conditions are those of `query`. What needs an index of the whole text is refused with the next step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from pipeline.ask.query import Filters, conditions, titles
from pipeline.ask.summary import Summary, summarise
from pipeline.ask.values import Row
from pipeline.errors import StoreError
from pipeline.run.shard_views import Shards
from pipeline.store import Store

__all__ = ["Shards", "find_shard_rows", "shard_titles", "summarise_shards"]


def find_shard_rows(shards: Shards, filters: Filters, *, limit: int | None = None) -> Iterator[Row]:
    """Evidence rows in the order of papers and of the rows inside them.

    Raises:
        StoreError: full text is asked for.
    """
    where, values = conditions(_checked(shards, filters), filters)
    sql = "SELECT v.* FROM result r JOIN paper p ON p.id = r.paper JOIN evidence_row v ON v.result_id = r.key"
    sql += f"{' WHERE ' + ' AND '.join(where) if where else ''} ORDER BY p.key, r.id"
    if limit is not None:
        sql, values = f"{sql} LIMIT ?", [*values, limit]
    return shards.rows(sql, values)


def summarise_shards(shards: Shards, filters: Filters, by: tuple[str, ...]) -> list[Summary]:
    """The rows that the filters leave, in groups, the largest group first.

    Raises:
        StoreError: full text is asked for, or there is no such group.
    """
    return summarise(_checked(shards, filters), filters, by)


def shard_titles(shards: Shards) -> dict[str, tuple[str, str]]:
    """paper_id → source and title ("" for none)."""
    return titles(_as_store(shards))


def _checked(shards: Shards, filters: Filters) -> Store:
    if filters.text:
        raise StoreError(
            "--text is not answered from shards: they have no full-text index.",
            what_to_do="Make a database of them: `evidence load FOLDER --db DB`; all other filters work here.",
        )
    return _as_store(shards)


def _as_store(shards: Shards) -> Store:
    """What asks a store for rows only can ask shards."""
    return cast(Store, cast(Any, shards))
