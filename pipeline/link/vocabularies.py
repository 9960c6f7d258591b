"""Vocabularies beside our lexicons: the user's own files and the packaged drug dictionary.

Place in the flow: `lexicon_with_user` is what `scan`, `linker` and `hierarchy` read. A user's vocabularies are TSV
files (our columns) in one folder, one sub-folder per label: `evidence vocab add FILE` checks and copies them there.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from pipeline.evidence import Label
from pipeline.link.lexicon import COLUMNS, FILES, Lexicon, LexiconError, build_lexicon, load_lexicon, read_lexicon
from pipeline.link.obo import read_obo

FOLDER_VARIABLE = "EVIDENCE_VOCAB_DIR"
# How to drop what other modules built; each adds its own.
BUILT_FROM_LEXICONS: list[Callable[[], None]] = []


def vocab_dir() -> Path:
    """The user's vocabulary folder: `$EVIDENCE_VOCAB_DIR`, else the platform's configuration folder."""
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA", Path.home()))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "evidence-pipeline" / "vocab"


@cache
def lexicon_with_user(label: Label) -> Lexicon:
    """The packaged lexicon of a label with the user's vocabularies in front: their entries win.

    Raises:
        LexiconError: a file in the user's folder is damaged; the message names it.
    """
    lexicon = load_lexicon(label)
    for path in _files(label):
        lexicon = read_lexicon(path).merged(lexicon)
    return lexicon


def user_vocabularies() -> list[tuple[Label, Path]]:
    """The installed user vocabularies, by label and name."""
    return [(label, path) for label in FILES for path in _files(label)]


def add_vocabulary(source: Path, label: Label) -> tuple[Path, Lexicon]:
    """Check a TSV or OBO file and install it for a label; a vocabulary of the same name is replaced.

    Raises:
        LexiconError: the label has no lexicon, or the file breaks its format. Nothing is installed then.
    """
    if label not in FILES:
        raise LexiconError(f"No vocabulary can be added for {label}; choose one of {', '.join(FILES)}.")
    rows = read_obo(source) if source.suffix.lower() == ".obo" else None
    lexicon = build_lexicon(enumerate(rows, 1), source) if rows is not None else read_lexicon(source)
    if not lexicon.entries:
        raise LexiconError(f"{source} holds no terms.")
    target = vocab_dir() / label.lower() / f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', source.stem)}.tsv"
    target.parent.mkdir(parents=True, exist_ok=True)
    if rows is None:
        content = source.read_text(encoding="utf-8-sig")
    else:
        content = "\n".join("\t".join(row) for row in [COLUMNS, *rows]) + "\n"
    target.write_text(content, encoding="utf-8")
    forget()
    return target, lexicon


def remove_vocabulary(name: str) -> list[Path]:
    """Remove the user vocabularies of this name (file name with or without `.tsv`); returns what was removed."""
    wanted = [path for _, path in user_vocabularies() if name in (path.name, path.stem)]
    for path in wanted:
        path.unlink()
    forget()
    return wanted


def forget() -> None:
    """Drop everything built from the vocabularies, so that a change is seen within this process."""
    lexicon_with_user.cache_clear()
    for clear in BUILT_FROM_LEXICONS:
        clear()


def _files(label: Label) -> Iterator[Path]:
    folder = vocab_dir() / label.lower()
    yield from sorted(folder.glob("*.tsv")) if folder.is_dir() else ()
