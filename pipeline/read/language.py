"""Language of a passage, by its function words.

Place in the flow: readers of plain text and PDF set `Passage.language` with it; only English passages are tagged.
Function words decide in papers: technical words are shared between languages. `language_of("com o uso de")` is "pt".
"""

from __future__ import annotations

import re

_NO_LETTERS = re.compile(r"[\W\d_]+")

# The most frequent function words of each language; ambiguous ones count for each language that has them.
_PROFILES: dict[str, frozenset[str]] = {
    "en": frozenset(
        "the of and in to with a was were is are for that by on as at from this these be or an after which had "
        "has have "
        "not been than patients we it between during their no all both who may can but also into its there".split()
    ),
    "pt": frozenset(
        "o a os as de do da dos das em no na nos nas um uma com por para que não se foi foram é são ou mais ao "
        "à às como "
        "sua seu dos pela pelo pelos pelas entre até também após sem tem têm estudos estudo doentes pacientes "
        "e".split()
    ),
    "es": frozenset(
        "el la los las de del en un una unos con por para que no se fue fueron es son o más al como su sus y e "
        "lo entre "
        "también después sin hasta pacientes estudio este esta estos tras desde muy".split()
    ),
    "fr": frozenset(
        "le la les de du des en un une avec par pour que ne pas se a été est sont ou plus au aux comme sa son "
        "ses et dans "
        "sur entre aussi après sans jusqu patients étude cette ces ce qui chez ont nous d l".split()
    ),
    "de": frozenset(
        "der die das den dem des und in im ein eine einer eines mit von zu zur zum für dass nicht sich wurde "
        "wurden ist "
        "sind oder als auf bei nach aus durch auch wird werden patienten studie diese dieser war waren".split()
    ),
    "it": frozenset(
        "il lo la i gli le di del della dei delle in nel nella un una con per che non si è sono stato stati o "
        "più al alla "
        "come e ed da dal dalla tra anche dopo senza fino pazienti studio questo questa".split()
    ),
    "nl": frozenset(
        "de het een van en in op met voor dat niet zich werd werden is zijn of als bij na uit door ook wordt worden "
        "patiënten studie deze dit was waren te aan".split()
    ),
    "pl": frozenset(
        "i w z na do się nie jest są oraz po u od przez że które który był były u chorych pacjentów".split()
    ),
    "tr": frozenset("ve bir bu ile için olarak olan de da hastalarda hasta gibi daha sonra en çok".split()),
}
_ANY_PROFILE = frozenset().union(*_PROFILES.values())
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_KANA = re.compile(r"[぀-ヿ]")
_HANGUL = re.compile(r"[가-힣]")
_HAN = re.compile(r"[一-鿿]")
_SCRIPTS = (("ru", _CYRILLIC), ("ja", _KANA), ("ko", _HANGUL), ("zh", _HAN))

_ANY_SCRIPT = re.compile("[Ѐ-ӿ぀-ヿ가-힣一-鿿]")

_LEAST_WORDS = 6
_MARGIN = 1.25
_VARIETY = 3  # different function words that a language other than the expected one must show
_MANY_WORDS = 15  # fewer words may show one less
_FIRST_LOOK = 200  # characters that show plain English at once
_ENOUGH = 1500  # characters; more do not change the verdict


def language_of(text: str, default: str = "en") -> str:
    """ISO 639-1 code of the text; `default` when it is too short or too mixed to tell."""
    words = text[:_FIRST_LOOK].lower().split()
    english = _PROFILES["en"]
    if default == "en" and len(words) >= _LEAST_WORDS and sum(map(english.__contains__, words)) >= 0.2 * len(words):
        return "en"
    text = text[:_ENOUGH]
    if not text.isascii():
        letters = sum(map(str.isalpha, text)) if _ANY_SCRIPT.search(text) else 0
        for code, script in _SCRIPTS:
            if letters and len(script.findall(text)) > 0.3 * letters:
                return code
    words = list(filter(None, _NO_LETTERS.split(text.lower())))
    if len(words) < _LEAST_WORDS:
        return default
    telling = list(filter(_ANY_PROFILE.__contains__, words))
    # A table of an English paper repeats "OP", "n" and "no"; prose of a language shows several of its words.
    foreign = {word for word in set(telling) - _PROFILES.get(default, frozenset()) if len(word) > 1}
    least = _VARIETY if len(words) >= _MANY_WORDS else _VARIETY - 1
    if len(foreign) < least:
        return default
    scores = {code: sum(map(profile.__contains__, telling)) for code, profile in _PROFILES.items()}
    best = max(scores, key=lambda code: scores[code])
    if best == default or scores[best] < 0.12 * len(words) or scores[best] < _MARGIN * scores.get(default, 0):
        return default
    return best if len(foreign & _PROFILES[best]) >= least else default
