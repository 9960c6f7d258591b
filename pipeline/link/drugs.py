"""The big drug vocabulary: 20,000 drugs of the packaged dictionary of `drug-named-entity-recognition` (MIT).

Place in the flow: behind our own drug lexicon, which is asked first; loaded only when a drug is looked up or scanned.
Identifiers are DrugBank's open numbers. Names that are analytes, foods, elements or everyday words are left out: in
papers they are measured or eaten, not given.
"""

from __future__ import annotations

import bz2
import pickle
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pipeline.errors import ModelNotFound
from pipeline.evidence import Concept
from pipeline.link.lexicon import Lexicon, Term, is_abbreviation
from pipeline.resources import lexicon_path

VOCABULARY = "DrugBank"
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


@cache
def packaged_drugs() -> Lexicon:
    """The dictionary as a lexicon of lower-case names.

    Raises:
        ModelNotFound: the package is missing or holds another format.
    """
    spec = find_spec("drug_named_entity_recognition")
    if spec is None or spec.origin is None:
        raise ModelNotFound("The drug dictionary is missing.", what_to_do="pip install drug-named-entity-recognition")
    path = Path(spec.origin).parent / "drug_ner_dictionary.pkl.bz2"
    try:
        with bz2.open(path) as handle:
            data = pickle.load(handle)  # noqa: S301  # a data file of an installed dependency, as trusted as its code
        names, records = data["drug_variant_to_canonical"], data["drug_canonical_to_data"]
    except (OSError, KeyError, pickle.UnpicklingError) as error:
        raise ModelNotFound(f"The drug dictionary at {path} cannot be read: {error}") from error
    return Lexicon(tuple(_terms(names, records, stop_names())))


@cache
def stop_names() -> frozenset[str]:
    """Names of the dictionary that are not drugs in running text (`models/lexicon/drug_stop.tsv`)."""
    path = lexicon_path("drug_stop")
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(line.split("\t")[0] for line in lines if line)


def _terms(names: dict[str, list[str]], records: dict[str, dict[str, str]], stop: frozenset[str]) -> list[Term]:
    terms: list[Term] = []
    for name, canonicals in names.items():
        if len(canonicals) != 1 or not _usable(name) or name in stop or canonicals[0] in stop:
            continue
        number = records.get(canonicals[0], {}).get("drugbank_id")
        preferred = canonicals[0].split(",")[0].strip() if number is None else canonicals[0]
        concept = Concept(f"DRUGBANK:{number}" if number else None, preferred, VOCABULARY if number else None)
        terms.append(Term(name, concept))
    return terms


def _usable(name: str) -> bool:
    """Long enough to be no other word, and a name rather than a chemical formula or a package label."""
    return len(name) > 4 and len(name) < 60 and name[0].isalpha() and not is_abbreviation(name)
