"""Parquet shards: papers on their way from many machines to one database.

Place in the flow: written by the Ray engine, read by `evidence load` and (through DuckDB) by queries. A shard holds the
papers of one file in one table: a row per paper with its tables packed as JSON, so that nothing is lost and one schema
serves; a file of many papers makes several. Names are made from the file's content and the extractor version: a retry
writes the same shards again, and a rename puts each in place whole or not at all. `manifest/` names what each finished
file gave.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import SourceError
from pipeline.evidence import Failure
from pipeline.run.shard_views import write_views
from pipeline.store.schema import PaperRows, Row, Value

MANIFESTS = "manifest"
PAPERS_PER_SHARD = 1000
"""A worker holds no more papers than this in memory, however many a file has."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """What one file gave: `shards` are the names of its Parquet files, none if it gave no paper."""

    name: str
    sha256: str
    version: str
    papers: int
    shards: tuple[str, ...]
    failures: tuple[Failure, ...] = ()


class ShardWriter:
    """Takes the papers of one file as they come; `finish` writes the entry that makes them count.

    Raises:
        OSError: the folder cannot be written.
    """

    def __init__(self, folder: Path, *, name: str, sha256: str, version: str, size: int = PAPERS_PER_SHARD) -> None:
        self._folder, self._size = folder, size
        self._name, self._sha256, self._version = name, sha256, version
        self._stem = _digest(name, sha256, version)
        self._waiting: list[PaperRows] = []
        self._shards: list[str] = []
        self._papers = 0

    def add(self, paper: PaperRows) -> None:
        """Take one paper; when there are enough of them, they are written."""
        self._papers += 1
        self._waiting.append(paper)
        if len(self._waiting) == self._size:
            self._write()

    def finish(self, failures: Sequence[Failure] = (), *, sha256: str | None = None) -> ShardEntry:
        """Write what is left and the entry; `sha256` is that of the file if it has changed since the start."""
        if self._waiting:
            self._write()
        sha256 = sha256 or self._sha256
        entry = ShardEntry(self._name, sha256, self._version, self._papers, tuple(self._shards), tuple(failures))
        text = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True)
        (self._folder / MANIFESTS).mkdir(exist_ok=True)
        name = f"{_digest(self._name, sha256, self._version)}.json"
        _in_place(self._folder / MANIFESTS / name, lambda path: Path(path).write_text(text, encoding="utf-8"))
        return entry

    def _write(self) -> None:
        import pyarrow as pa

        shard = f"{self._stem}-{len(self._shards):04}.parquet" if self._shards else f"{self._stem}.parquet"
        rows = [
            {"paper_id": p.key, "source": str(p.source["name"]), "version": self._version, "rows": _packed(p)}
            for p in self._waiting
        ]
        schema = pa.schema([(field, pa.string()) for field in ("paper_id", "source", "version", "rows")])
        table = pa.Table.from_pylist(rows, schema=schema).replace_schema_metadata({"evidence": str(_FORMAT)})
        write_views(self._folder, self._waiting, shard, _write_table)
        _write_table(self._folder / shard, table)
        self._shards.append(shard)
        self._waiting = []


def write_shard(
    folder: Path, papers: Iterable[PaperRows], failures: Sequence[Failure], *, name: str, sha256: str, version: str
) -> ShardEntry:
    """Write what one file gave: first the papers, then the entry that makes them count.

    Raises:
        OSError: the folder cannot be written.
    """
    writer = ShardWriter(folder, name=name, sha256=sha256, version=version)
    for paper in papers:
        writer.add(paper)
    return writer.finish(failures)


def _digest(name: str, sha256: str, version: str) -> str:
    return hashlib.sha256(f"{sha256}\0{name}\0{version}".encode()).hexdigest()[:24]


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
        fields["shards"] = tuple(fields["shards"])
        found.append(ShardEntry(**fields))
    yield from sorted(found, key=lambda entry: (entry.name, entry.sha256, entry.version))


def papers_of(folder: Path, entry: ShardEntry) -> Iterator[PaperRows]:
    """The papers of one file, as they were made.

    Raises:
        SourceError: the shard is missing or damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    for shard in entry.shards:
        try:
            for packed in pq.read_table(folder / shard, columns=["rows"])["rows"].to_pylist():
                yield _unpacked(packed)
        except (OSError, pa.ArrowInvalid, ValueError, KeyError) as error:
            raise SourceError(
                f"{folder / shard} is damaged: {str(error)[:150]}.",
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
