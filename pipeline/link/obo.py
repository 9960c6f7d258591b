"""Reads OBO ontologies (HPO, MONDO, DOID, NCIt …) as vocabulary rows.

Place in the flow: `evidence vocab add FILE.obo`. Only terms that are not obsolete; names and EXACT synonyms; `is_a`
gives the parents.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.link.lexicon import LexiconError

Row = tuple[str, ...]
_SYNONYM = re.compile(r'"((?:[^"\\]|\\.)*)"\s+EXACT\b')


def read_obo(path: Path) -> list[Row]:
    """Rows with the columns of a lexicon.

    Raises:
        LexiconError: the file cannot be read, or holds no `[Term]`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"Cannot read the vocabulary {path}: {error}") from error
    stanzas = [_fields(stanza) for stanza in re.split(r"^\[Term\][ \t]*\r?$", text, flags=re.MULTILINE)[1:]]
    kept = [s for s in stanzas if s.get("id") and s.get("name") and s.get("is_obsolete") != ["true"]]
    if not kept:
        raise LexiconError(f"{path} holds no [Term] stanza; is it an OBO file?", what_to_do="See docs/lexicons.md.")
    known = {s["id"][0] for s in kept}
    return [row for stanza in kept for row in _rows(stanza, known, path.stem)]


def _fields(stanza: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in stanza.splitlines():
        if line.startswith("["):
            break
        tag, separator, value = line.partition(": ")
        if separator:
            found.setdefault(tag, []).append(value.strip())
    return found


def _rows(stanza: dict[str, list[str]], known: set[str], source: str) -> list[Row]:
    concept_id, name = stanza["id"][0], _clean(stanza["name"][0])
    above = (value.split(" !")[0].split(" {")[0].strip() for value in stanza.get("is_a", []))
    parents = "|".join(parent for parent in above if parent in known)
    synonyms = [_clean(m.group(1)) for value in stanza.get("synonym", []) if (m := _SYNONYM.match(value))]
    terms = dict.fromkeys(term for term in [name, *synonyms] if term)
    return [(term, concept_id, name, concept_id.split(":")[0], parents, source, "") for term in terms]


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace('\\"', '"')).strip()
