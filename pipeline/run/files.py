"""Which files an ingest reads.

Place in the flow: the first step of `run`. Folders are walked in sorted order, each real folder once (so symbolic links
may form loops), each real file once. What is named by hand is always tried; inside a folder only files that look like
papers are.
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.evidence import Failure

# Suffixes of papers, with or without ".gz"; other files in a folder count only if their first bytes say PDF or XML.
_SUFFIXES = frozenset({".txt", ".text", ".xml", ".nxml", ".pdf", ".ris", ".nbib", ".medline"})
_MAGIC = (b"%PDF-", b"<?xml", b"\xef\xbb\xbf<?xml", b"PMID- ", b"TY  - ")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: `name` as the user would write it, `path` absolute."""

    name: str
    path: Path


@dataclass(slots=True)
class Found:
    """What the arguments came to. `left_aside` are names of files in folders that do not look like papers."""

    files: list[SourceFile] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    left_aside: list[str] = field(default_factory=list)


def find_files(arguments: Iterable[str]) -> Found:
    """Resolve files, folders and glob patterns to files, sorted by name, each real file once."""
    found = Found()
    seen_folders: set[tuple[int, int]] = set()
    names: dict[Path, str] = {}
    for argument in arguments:
        for name in _expand(argument, found.failures):
            if Path(name).is_dir():
                paths: Iterable[str] = _walk(name, seen_folders, found)
            else:
                paths = [name]
            for path in paths:
                real = Path(path).resolve()
                names[real] = min(names.get(real, path), path, key=_depth)
    found.files = sorted((SourceFile(name, path) for path, name in names.items()), key=lambda file: file.name)
    return found


def _depth(name: str) -> tuple[int, str]:
    """Of several names of one file, the one with the fewest folders is kept."""
    return name.count(os.sep), name


def _expand(argument: str, failures: list[Failure]) -> Iterator[str]:
    """A path as it is, or the matches of a pattern that the shell left alone."""
    name = os.path.normpath(argument)
    if os.path.lexists(name):
        if Path(name).exists():
            yield name
            return
    elif glob.has_magic(name):
        matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 (keeps the user's spelling)
        if matches:
            yield from matches
            return
    what = "is a broken link" if os.path.lexists(name) else "does not exist"
    failures.append(Failure(name, "find", f"{name} {what}.", "Check the path."))


def _walk(folder: str, seen: set[tuple[int, int]], found: Found) -> Iterator[str]:
    try:
        state = Path(folder).stat()
        if (state.st_dev, state.st_ino) in seen:
            return
        seen.add((state.st_dev, state.st_ino))
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        failure = Failure(folder, "find", f"{folder} cannot be opened: {error.strerror}.", "Check its permissions.")
        found.failures.append(failure)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = os.path.join(folder, entry.name)  # noqa: PTH118 (keeps the user's spelling)
        if entry.is_dir():
            yield from _walk(path, seen, found)
        elif entry.is_file():
            if _looks_like_paper(path):
                yield path
            else:
                found.left_aside.append(path)


def _looks_like_paper(name: str) -> bool:
    path = Path(name)
    suffix = path.suffix.lower()
    if suffix == ".gz":
        suffix = Path(path.stem).suffix.lower()
    if suffix in _SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            return file.read(16).startswith(_MAGIC)
    except OSError:
        return True  # let reading it say what is wrong


def content_hash(path: Path) -> str:
    """SHA-256 of the file's bytes.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
