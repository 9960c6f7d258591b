"""What made a row: the version string stored with every paper.

Place in the flow: asked once per ingest. Two runs with the same string give the same rows for the same file: it holds
the release, and a digest of the code and the data files that decide about rows (readers, taggers, lexicons, models).
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pipeline
from pipeline.resources import models_dir

# Packages whose code cannot change a row.
_OUTSIDE = frozenset({"cli", "bench", "serve", "export", "plot", "ask", "evaluate", "run", "_models", "__pycache__"})


@cache
def extractor_version(model: str = "default") -> str:
    """For example "0.1.0+3f2a91bc"; with another model than the shipped one, its name follows after a colon."""
    digest = hashlib.sha256()
    package = Path(pipeline.__file__).parent
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] not in _OUTSIDE:
            _add(digest, path, package)
    data = models_dir()
    for path in sorted(p for p in data.rglob("*") if p.is_file() and p.suffix != ".md"):
        _add(digest, path, data)
    version = f"{pipeline.__version__}+{digest.hexdigest()[:8]}"
    return version if model == "default" else f"{version}:{model}"


def _add(digest: hashlib._Hash, path: Path, root: Path) -> None:
    digest.update(path.relative_to(root).as_posix().encode())
    digest.update(path.read_bytes())
