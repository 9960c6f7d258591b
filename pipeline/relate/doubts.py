"""Why a result read from a sentence may be wrong though it reads well: named reasons, which lower its confidence.

Place in the flow: asked by `results.py` for every row; `pipeline/confidence.py` weighs the reasons. Full texts tell of
subgroups, of groups that are no arm known, of effects and of models; there the nearest arm or outcome is a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document import Section
from pipeline.evidence import Label
from pipeline.relate.findings import Finding
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.placed import Named, Placed
from pipeline.relate.view import SentenceView
from pipeline.tag.people import PEOPLE

_GENERAL = re.compile(
    r"\b(?:both|either|neither|all|each|two|three|four|2|3|4|th(?:is|ese|at)|former|latter)\b"
    r"|^(?:between |among )?(?:the )?(?:\w+ )?(?:groups|arms)$|^patients? ",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\b(?:[Gg]roups?|[Aa]rms?|[Cc]ohorts?)\s(?:\d|[A-H]\d?\b|[IVX]+\b)|\b[A-Z][\w/+-]*\s(?:group|arm)\b"
)
_PART = re.compile(
    r"\b(?:in|among|for|of|by)\s(?:the\s)?(?:[\w-]+\s){0,3}?"
    rf"(?:{PEOPLE}|those|cases|eyes)\s(?:with(?!in)|without|who|whose|aged|younger|older|not|having|\(?[≥≤<>])"
    r"|\bthose (?:negative|positive|with(?!in)|without|who|whose)\b"
    r"|^(?:the )?patients with (?:prior|previous|baseline|a history)"
    rf"|\bof (?:these|those|the latter) (?:\w+ )?(?:{PEOPLE}|cases\b)"
    r"|\b(?:sub-?groups?|subsets?|quartiles?|tertiles?|quintiles?|responders|survivors|smokers|stratif\w+"
    r"|african[- ]americans?|caucasians?|hispanics?|asians?)\b|\b(?:black|white)s?\b(?! blood)",
    re.IGNORECASE,
)
_SEXES = re.compile(r"\b(?:men|women|males?|females?|boys|girls)\b", re.IGNORECASE)
_EFFECT = re.compile(
    r"\b(?:[Pp]lacebo-(?:subtracted|corrected|adjusted)"
    r"|[Oo]dds ratios?|[Hh]azard ratios?|[Rr]isk ratios?|[Rr]elative risks?|[Rr]ate ratios?|a?OR|a?HR|RR|ORs|HRs"
    r"|F values?|[Dd]ifferences? (?:of|in|between)|[Vv]ariance|[Rr]atios? (?:of|for|was)|[Ee]fficacy (?:of|was|against)"
    r"|[Cc]oefficients?|[Cc]orrelat\w+|[Rr]egression|AUC|AUROC|[PN]PV|[Aa]ccuracy|[Ss]ensitivity"
    r"|[Ss]pecificity|[Qq]uotients?|[Kk]appa|ICC|heterogeneity|I2|[Ll]ikelihood|[Pp]redict\w+"
    r"|[Aa]ssociated with)\b|β|\br\s?[=²]"
)
_MODEL = re.compile(
    r"\b(?:if|would|could|should|assum\w+|expected|estimated (?:to|that)|simulat\w+|calculated to|hypothe\w+|power"
    r"|defined as|threshold|cut-?off|criteri\w+|eligib\w+|according to|equivalent to|probabilit\w+|willingness)\b",
    re.IGNORECASE,
)
# Titles of papers whose numbers are other studies' numbers.
POOLED = re.compile(
    r"\bmeta-?analy|\bpooled\b|\bsystematic review\b|\b(?:indirect|mixed|multiple) (?:treatment )?comparison",
    re.IGNORECASE,
)
ANIMALS = re.compile(
    r"\b(?:mice|mouse|rats?|murine|in vitro|cell lines?|knockout|transgenic|rabbits|dogs|pigs)\b", re.IGNORECASE
)
_TWO_GROUPS = re.compile(r"\b(?:vs\.?|versus|respectively|resp\.|compared (?:with|to)|than)(?!\w)", re.IGNORECASE)
_EVERYBODY = re.compile(
    r"\ball (?:(?:the|of the|\d+|\w+ed|study) ){0,2}"
    rf"(?:{PEOPLE}|cases\b|groups\b|arms\b)|\boverall\b|\bin total\b|\ba total of\b"
    r"|\b(?:whole|entire|total|study) (?:group|cohort|population|sample)\b|\bboth (?:groups|arms|treatments)\b",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"\b(?:gr(?:ade)?s?\s?[≥>]?\s?[1-5]|severe|serious|fatal|mild|moderate"
    r"|(?:drug|treatment|study|medication)[- ]related)\b",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"^\s(?:leading to|resulting in|that (?:resulted|required|were related)"
    r"|requiring|related to|of (?:special |clinical )?interest|that led|control"
    r"|normali[sz]ation|failures?|tests?|awareness|estimates? of|difference)\b",
    re.IGNORECASE,
)
_VERSUS_NEXT = re.compile(r"^\s?[\w%/.-]{0,12}\s?(?:vs\.?|versus)\s?[-+−]?\d")
_RESPECTIVELY = re.compile(r"\brespectively\b|\bresp\.", re.IGNORECASE)
_BROKEN = re.compile(r"[±/]\s?$")
_DENIED = re.compile(r"\b(?:not|no|without|never|fail\w*|other than|except)\b", re.IGNORECASE)
_AGAINST = re.compile(
    r"\b(?:vs\.?|versus|than|compared (?:with|to)|relative to|over|from)\s+(?:the\s+)?$", re.IGNORECASE
)
_NEAR = 60  # characters between a number and the arm that its clause names
_CAUSE = re.compile(
    r"\b(?:because of|due to|owing to|leading to|attribut\w+ to|related to|caused by|for)\s+(?:\w+\s+)?$", re.I
)
_NAMELESS = re.compile(
    r"(?:primary |secondary |main )?(?:efficacy|safety|tolerability|end ?points?|outcomes?|response|values?|levels?"
    r"|scores?|measures?|parameters?|mild|moderate|severe|positive|negative|normal|abnormal)", re.IGNORECASE
)  # fmt: skip
_COMPOSITE = re.compile(
    r"\b(?:composites?|any(?: one)? of(?: the following)?|one of the following|combined (?:rate|end ?point|outcome)s?)"
    r"\b[^.;]*\Z",
    re.IGNORECASE,
)
_ONE_PATIENT = re.compile(
    r"\b(?:one|an?|another|1|single) (?:\w+ ){0,2}?(?:patient|subject|participant|woman|man|child|case)\b(?!s)", re.I
)
_THINGS = re.compile(
    r"\b(?:of|in)(?: the| all)? \d+ (?:\w+ )?(?:outcomes?|items?|wells?|studies|trials|samples?|lines?|genes?|sites?"
    r"|cells?|animals?|mice|rats|tests?|experiments?|simulations?|replicates?|centers?|centres?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a study compares: how many arms, and whether its one arm's drug stands in the title."""

    arms: int = 0
    is_titled: bool = False
    is_pooled: bool = False  # studies of others, or of no people


def sentence_doubts(
    view: SentenceView,
    findings: Sequence[Finding],
    finding: Finding,
    outcome: Outcome,
    context: tuple[Placed, Sequence[Named], Compared],
) -> tuple[str, ...]:
    """Reasons for doubt about one row, in a fixed order.

    Args:
        context: the arm found for the row, all arms named in the sentence, what the study compares.
    """
    place, hits, compared = context
    is_guess = place.how in ("default", "none")
    found = {
        "group": place.how == "unread" or (place.how != "beside" and _has_unread_group(view, hits)),
        "part": _PART.search(view.text) is not None or _names_a_sex(view, outcome),
        "effect": _EFFECT.search(view.text) is not None,
        "model": _MODEL.search(view.text) is not None,
        "pair": (is_guess or place.how == "clause") and _TWO_GROUPS.search(view.text) is not None,
        "far": place.how == "clause" and compared.arms > 1 and not _is_near(view, finding, hits),
        "order": place.how == "order" and len(findings) > 2,
        "whole": is_guess and not (compared.arms == 1 and compared.is_titled) and not _EVERYBODY.search(view.text),
        "study": compared.is_pooled or compared.arms == 0 or (compared.arms == 1 and not compared.is_titled),
        "bound": finding.statistic.value is None
        and (finding.statistic.low is None) != (finding.statistic.high is None),
        "grade": _names_a_grade(view, finding, outcome),
        "cause": _CAUSE.search(view.between(max(view.start, outcome.start - 30), outcome.start)) is not None,
        "things": _THINGS.search(view.text) is not None,
        "qualified": _QUALIFIED.match(view.between(outcome.end, outcome.end + 30)) is not None,
        "half": place.how == "beside" and _is_half(view, findings, finding),
        "apart": ";" in view.between(min(finding.end, outcome.end), max(finding.start, outcome.start)),
        "dealt": place.how != "order" and len(findings) > 2 and _RESPECTIVELY.search(view.text) is not None,
        "count": _is_bare_count(finding),
        "joined": any(_is_part_of_name(view, hit) for hit in hits if set(hit.arm_ids) & set(place.arm_ids)),
        "composite": _is_of_composite(view, outcome),
        "patient": finding.statistic.kind == "value" and _ONE_PATIENT.search(view.text) is not None,
        "broken": _BROKEN.search(view.between(max(view.start, finding.start - 4), finding.start)) is not None,
        "denied": _DENIED.search(view.between(min(finding.end, outcome.end), max(finding.start, outcome.start)))
        is not None,
        "outcome": outcome.kind != "outcome" or _NAMELESS.fullmatch(outcome.text.strip()) is not None,
        "said": view.section in (Section.DISCUSSION, Section.BACKGROUND, Section.METHODS),
    }
    return tuple(name for name, is_so in found.items() if is_so)


def _is_of_composite(view: SentenceView, outcome: Outcome) -> bool:
    """Whether the outcome is one part of a composite that was counted as a whole: "any of: death, relapse or …"."""
    before = view.between(view.start, outcome.start)
    match = _COMPOSITE.search(before)
    return match is not None and ("," in before[match.end() :] or re.search(r"\bor\s\Z", before) is not None)


def _is_near(view: SentenceView, finding: Finding, hits: Sequence[Named]) -> bool:
    """Whether an arm is named close by, and not as what something else is compared with."""
    return any(
        max(hit.start - finding.end, finding.start - hit.end) <= _NEAR
        and not _AGAINST.search(view.between(view.start, hit.start))
        for hit in hits
    )


def _is_bare_count(finding: Finding) -> bool:
    """Cases without a percentage or a total: whose, and out of how many, the sentence leaves open."""
    statistic = finding.statistic
    return statistic.events is not None and statistic.percent is None and statistic.total is None


def _is_part_of_name(view: SentenceView, hit: Named) -> bool:
    """An arm named by a part of another's name: "B" in "A+B" of an A that is not known."""
    return view.between(hit.start - 1, hit.start) in ("+", "/") or view.between(hit.end, hit.end + 1) in ("+", "/")


def _is_half(view: SentenceView, findings: Sequence[Finding], finding: Finding) -> bool:
    """A number before "vs" whose partner was not read: the name beside it may be the partner's."""
    match = _VERSUS_NEXT.match(view.between(finding.end, finding.end + 40))
    return match is not None and not any(finding.end <= other.start <= finding.end + match.end() for other in findings)


def _names_a_grade(view: SentenceView, finding: Finding, outcome: Outcome) -> bool:
    """Whether words beside the number or the outcome tell of some grades that the outcome's name leaves out."""
    near = (
        view.between(finding.start - 25, finding.end + 40),
        view.between(max(view.start, outcome.start - 20), outcome.start),
    )
    return any(_GRADE.search(text) for text in near) and not _GRADE.search(outcome.text)


def _has_unread_group(view: SentenceView, hits: Sequence[Named]) -> bool:
    """Whether the sentence names a group that is no arm known."""
    known = [(hit.start - view.start, hit.end - view.start) for hit in hits]
    spans = [
        (one.start - view.start, one.end - view.start) for one in view.of(Label.ARM) if not _GENERAL.search(one.text)
    ]
    spans += [match.span() for match in _LABELLED.finditer(view.text)]
    return any(not any(low < end and start < high for low, high in known) for start, end in spans)


def _names_a_sex(view: SentenceView, outcome: Outcome) -> bool:
    return _SEXES.search(view.text) is not None and not _SEXES.search(outcome.text)
