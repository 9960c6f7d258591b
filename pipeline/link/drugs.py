"""The big drug vocabulary: 20,000 drugs of the packaged dictionary of `drug-named-entity-recognition` (MIT).

Place in the flow: behind our own drug lexicon, which is asked first; loaded only when a drug is looked up or scanned.
Identifiers are DrugBank's open numbers. Names that are analytes, foods, elements or everyday words are left out: in
papers they are measured or eaten, not given.
"""

from __future__ import annotations

import bz2
import os
import pickle
import re
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from pipeline.errors import ModelNotFound
from pipeline.evidence import Concept
from pipeline.link.lexicon import Lexicon, Term
from pipeline.resources import lexicon_path

VOCABULARY = "DrugBank"
Row = tuple[str, str, str]  # name, preferred name, DrugBank number
_SALTS = (
    "sodium potassium calcium magnesium disodium hydrochloride dihydrochloride monohydrochloride hcl "
    "hydrobromide mesylate mesilate besylate besilate tosylate maleate fumarate succinate tartrate citrate "
    "acetate phosphate sulfate nitrate monohydrate dihydrate trihydrate anhydrous hydrate hemihydrate medoxomil "
    "cilexetil etexilate bromide chloride"
)
_SALT = re.compile(rf"(?: (?:{_SALTS.replace(' ', '|')}))+$")


def without_salt(name: str) -> str | None:
    """A drug name without its salt or hydrate ("enalapril maleate" → "enalapril"), None if it names none."""
    bare = _SALT.sub("", name)
    return bare if bare != name and len(bare) > 3 else None


# Words of names that are measured or act in the body; "(?<![a-z])" keeps "interferon" apart from "peginterferon".
_NOT_GIVEN = re.compile(
    r"antibod|receptor|factor|protein|\b[rd]na\b|cholesterol|globin|virus|ase\b|ases\b|hormone|\bil-\d|, |"
    r"(?<![a-z])interleukin|(?<![a-z])interferon|\btnf|collagen|lipid|antigen|peptide|complement|allergen|pollen|extract|venom|,$|"
    r"\bcells?\b|\bions?\b|"
    r"\b(?:food|oil|milk|meat|fruit|seed|leaf|root|bark|grass|dander|feathers?|hair|dust|mold|plant|tree|weed|spp\.|subsp\.)|"
    r"globulin|radical|isotope|technetium|endothelin|kinin|gastrin|leukotriene|isoprostane|heparan|chondroitin|transporter|"
    r"angiotensin|coccus|bacter|bacillus|aspergillus|pseudomonas|candida|dermatophagoides|thermophilus|escherichia|\bbeta-\d|"
    r"coenzyme|cholic acid|aspart(?:ate|ic)$|dimethylarginine|hydrate$"
)


@cache
def packaged_drugs() -> Lexicon:
    """The dictionary as a lexicon of lower-case names, without what is not given to patients.

    Reading the package's file takes seconds, so the filtered names are kept as text in the user's cache folder.

    Raises:
        ModelNotFound: the package is missing or holds another format.
    """
    spec = find_spec("drug_named_entity_recognition")
    if spec is None or spec.origin is None:
        raise ModelNotFound("The drug dictionary is missing.", what_to_do="pip install drug-named-entity-recognition")
    source = Path(spec.origin).parent / "drug_ner_dictionary.pkl.bz2"
    cached = _cache_file(source)
    rows = _read_cache(cached)
    if rows is None:
        rows = _read_package(source)
        _write_cache(cached, rows)
    concepts: dict[str, Concept] = {}
    terms = []
    for name, preferred, number in rows:
        concept = concepts.setdefault(number, Concept(f"DRUGBANK:{number}", preferred, VOCABULARY))
        terms.append(Term(name, concept))
    return Lexicon(tuple(terms))


def _cache_file(source: Path) -> Path:
    """Named by what the content depends on: the package's file, the stop list and this module."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    state = "".join(
        f"{p.stat().st_size}/{p.stat().st_mtime_ns};" for p in (source, lexicon_path("drug_stop"), Path(__file__))
    )
    return base / "evidence-pipeline" / f"drugs-{sha256(state.encode()).hexdigest()[:16]}.tsv"


def _read_cache(path: Path) -> list[Row] | None:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return None
    rows = [tuple(line.split("\t")) for line in lines]
    # The last line is a mark: without it the file was cut short.
    if rows[-1] != ("end",) or any(len(row) != 3 for row in rows[:-1]):
        return None
    return [(row[0], row[1], row[2]) for row in rows[:-1]]


def _write_cache(path: Path, rows: list[Row]) -> None:
    """Best effort: a folder that cannot be written only costs time at the next start."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text("\n".join(["\t".join(row) for row in rows] + ["end"]), encoding="utf-8")
        draft.replace(path)


def _read_package(path: Path) -> list[Row]:
    try:
        with bz2.open(path) as handle:
            data = pickle.load(handle)  # noqa: S301  # a data file of an installed dependency, as trusted as its code
        names, records = data["drug_variant_to_canonical"], data["drug_canonical_to_data"]
    except (OSError, KeyError, pickle.UnpicklingError) as error:
        raise ModelNotFound(f"The drug dictionary at {path} cannot be read: {error}") from error
    stop = stop_names()
    numbers = {
        name: record["drugbank_id"]
        for name, record in records.items()
        if record.get("drugbank_id") and name not in stop and _usable(name)
    }
    return [
        (name, canonicals[0], numbers[canonicals[0]])
        for name, canonicals in names.items()
        if len(canonicals) == 1 and canonicals[0] in numbers and name not in stop and _usable(name)
    ]


@cache
def stop_names() -> frozenset[str]:
    """Names of the dictionary that are not drugs in running text (`models/lexicon/drug_stop.tsv`)."""
    path = lexicon_path("drug_stop")
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(line.split("\t")[0] for line in lines if line)


def _usable(name: str) -> bool:
    """Long enough to be no other word, and a substance that is given: no enzyme, antibody, microbe, analyte."""
    return 4 < len(name) < 60 and name[0].isalpha() and name.isprintable() and _NOT_GIVEN.search(name) is None
