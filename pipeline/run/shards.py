"""Parquet shards: papers on their way from many machines to one database.

Place in the flow: written by the Ray engine, read by `evidence load` and (through DuckDB) by queries. A shard holds the
papers of one file in one table: a row per paper with its tables packed as JSON, so that nothing is lost and one schema
serves. Its name is made from the file's content and the extractor version: a retry writes the same shard again, and a
rename puts it in place whole or not at all. `manifest.jsonl` names what each finished file gave.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import SourceError
from pipeline.evidence import Failure
from pipeline.run.shard_views import write_views
from pipeline.store.schema import PaperRows, Row, Value

MANIFESTS = "manifest"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """What one file gave: `shard` is the name of the Parquet file, None if it gave no paper."""

    name: str
    sha256: str
    version: str
    papers: int
    shard: str | None
    failures: tuple[Failure, ...] = ()


def write_shard(
    folder: Path, papers: Sequence[PaperRows], failures: Sequence[Failure], *, name: str, sha256: str, version: str
) -> ShardEntry:
    """Write what one file gave: first the papers, then the entry that makes them count.

    Raises:
        OSError: the folder cannot be written.
    """
    import pyarrow as pa

    digest = hashlib.sha256(f"{sha256}\0{name}\0{version}".encode()).hexdigest()[:24]
    shard = f"{digest}.parquet" if papers else None
    if shard:
        rows = [
            {"paper_id": p.key, "source": str(p.source["name"]), "version": version, "rows": _packed(p)} for p in papers
        ]
        schema = pa.schema([(field, pa.string()) for field in ("paper_id", "source", "version", "rows")])
        table = pa.Table.from_pylist(rows, schema=schema).replace_schema_metadata({"evidence": str(_FORMAT)})
        write_views(folder, papers, shard, _write_table)
        _write_table(folder / shard, table)
    entry = ShardEntry(name, sha256, version, len(papers), shard, tuple(failures))
    text = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True)
    (folder / MANIFESTS).mkdir(exist_ok=True)
    _in_place(folder / MANIFESTS / f"{digest}.json", lambda path: Path(path).write_text(text, encoding="utf-8"))
    return entry


def entries(folder: Path) -> Iterator[ShardEntry]:
    """What the folder holds, by name of the source.

    Raises:
        SourceError: this is no folder of shards.
    """
    if not (folder / MANIFESTS).is_dir():
        raise SourceError(
            f"{folder} holds no shards.", what_to_do="Name a folder that `evidence ingest --engine ray --shards` made."
        )
    found = []
    for path in (folder / MANIFESTS).glob("*.json"):
        fields = json.loads(path.read_text(encoding="utf-8"))
        fields["failures"] = tuple(Failure(**failure) for failure in fields["failures"])
        found.append(ShardEntry(**fields))
    yield from sorted(found, key=lambda entry: (entry.name, entry.sha256, entry.version))


def papers_of(folder: Path, entry: ShardEntry) -> Iterator[PaperRows]:
    """The papers of one file, as they were made.

    Raises:
        SourceError: the shard is missing or damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if entry.shard is None:
        return
    try:
        for packed in pq.read_table(folder / entry.shard, columns=["rows"])["rows"].to_pylist():
            yield _unpacked(packed)
    except (OSError, pa.ArrowInvalid, ValueError, KeyError) as error:
        raise SourceError(
            f"{folder / entry.shard} is damaged: {str(error)[:150]}.",
            what_to_do=f"Delete it and its manifest, and ingest {entry.name} again.",
        ) from error


def _write_table(path: Path, table: Any) -> None:
    import pyarrow.parquet as pq

    _in_place(path, lambda made: pq.write_table(table, made, compression="zstd"))


def _in_place(path: Path, write: Any) -> None:
    """Write beside and rename: readers see the old file or the new one, never half of one."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(made)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def _packed(rows: PaperRows) -> str:
    return json.dumps(
        {
            "key": rows.key, "paper": rows.paper, "source": rows.source, "concepts": rows.concepts,
            "names": rows.names, "tables": rows.tables,
        },
        ensure_ascii=False, default=_blob,
    )  # fmt: skip


def _blob(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} in a row")


def _unpacked(text: str) -> PaperRows:
    raw = json.loads(text)
    tables: dict[str, list[Row]] = {
        name: [tuple(_value(value) for value in row) for row in rows] for name, rows in raw["tables"].items()
    }
    return PaperRows(
        key=raw["key"],
        paper=raw["paper"],
        source=raw["source"],
        concepts=tuple((curie, name, vocabulary) for curie, name, vocabulary in raw["concepts"]),
        names=tuple((label, surface, number) for label, surface, number in raw["names"]),
        tables=tables,
    )


def _value(value: Any) -> Value:
    return base64.b64decode(value["b64"]) if isinstance(value, dict) else value
