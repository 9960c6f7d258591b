"""What the whole study is: design, number of participants, population, age group, histology, follow-up.

Place in the flow: the first thing `relate` settles; arms take population and histology from it where they have none.
The design's words are those of docs/schema.md.
"""

from __future__ import annotations

import re

from pipeline.document import ArticleType, Part, Section
from pipeline.evidence import Annotated, Assertion, Attribution, Label, StudyFrame
from pipeline.relate.allocation import best_allocation
from pipeline.relate.attribution import attributor_of
from pipeline.relate.numbers import COUNT, to_int
from pipeline.relate.view import SentenceView, sentence_views
from pipeline.tag.people import PEOPLE

_PEOPLE = (
    rf"(?:{PEOPLE}|patient|infant|neonates?|adolescent|adult|participant|recipient|cases|eyes|rats|mice|animals|dogs"
    r"|cats|rabbits|pigs)"
)
_DESIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("meta-analysis", re.compile(r"\bmeta-?analys[ie]s\b|\bpooled analysis of \w+ (?:trials|studies)", re.I)),
    ("crossover trial", re.compile(
        r"\bcross(?:ed)?-?\s?over\b|\b(?:took|received|switched to) (?:\w+ ){0,3}the (?:other"
        r"|alternate) (?:\w+ )?(?:route|drug|treatment|arm|regimen|combination)", re.I)),
    ("randomised controlled trial", re.compile(
        r"\brandomi[sz](?:ed|ation|ing)\b|\brandomly\b|\bplacebo-controlled\b|\bdouble-blind\b|\bphase (?:III|3)\b",
        re.I)),
    ("laboratory", re.compile(r"\b(?:rats|mice|murine|in vitro|cell lines?|cultured|rabbits)\b", re.I)),
    ("case report", re.compile(
        r"\b(?:case report|we (?:report|describe|present) (?:a|an|the) (?:\w+[\s-]+){0,4}(?:case|patient|man"
        r"|woman|boy|girl|child|infant)|a \d+-year-old|(?:two|2) cases|case \d)\b", re.I)),
    ("case series", re.compile(
        r"\b(?:case series|we (?:\w+ )?(?:report|describe|present) (?:on )?(?:three|four|five|six|seven|eight"
        rf"|nine|ten|\d+) (?:\w+[\s-]+){{0,3}}(?:cases|{PEOPLE}))\b", re.I)),
    ("review", re.compile(
        r"\b(?:systematic review|this (?:article|paper) reviews|we review(?:ed)? the|review of the literature"
        r"|this review)\b", re.I)),
    ("cohort", re.compile(
        r"\b(?:cohort|retrospectiv\w+|(?<!trial )registry|observational|case-control|cross-sectional"
        r"|prospectively followed|medical records|multicenter population)\b", re.I)),
    ("single-arm trial", re.compile(
        r"\b(?:open-label|pilot (?:study|trial)|uncontrolled (?:study|trial)|single-arm|phase (?:I|II|1"
        r"|2)[ab]?\b|prospective|protocol|clinical trial)\b", re.I)),
)  # fmt: skip
_COMPARED = 3.0  # an allocation with this score sets up arms: without a word of chance, a cohort of two
_STARTED = re.compile(
    r"\b(?:was|were) (?:then )?(?:started|commenced|initiated|given|treated)\b[^.]{0,60}\b(?:in a dose"
    r"|at a dose|dose of|mg)",
    re.I,
)
_COUNTED = re.compile(
    rf"\b(?<![\d.,/=<>≤≥±-])(?<!type )(?<!phase )(?<!week )(?<!Type )(?<!stage )(?!\d{{7}})(?P<n>{COUNT})(?![\d.,]*\d"
    rf"|%)\s+(?!(?:of|out|percent|or|to|years?|months?|weeks?"
    rf"|days?|doses?|"
    rf"pulses?|cycles?|weekly|times)\b)(?:(?!of\b|in\b|and\b|or\b|to\b|with\b"
    rf"|patients\b)[^\W\d][\w'’/-]*,?\s+){{0,7}}?{_PEOPLE}\b",
    re.I,
)
_ENROLS = re.compile(
    r"\b(?:randomi[sz]\w+|randomly|enrol\w+|includ\w+|recruit\w+|studied|treated|assign\w+|allocat\w+|entered"
    r"|analy[sz]\w+|"
    r"select\w+|evaluat\w+|investigat\w+|underwent|participa\w+|divided|report|total of|consecutive|formed"
    r"|received|were|in)\b",
    re.I,
)
_FOLLOW_UP = re.compile(
    r"\b(?:follow(?:ed)?[\s-]*up(?:\s+(?:period|time|duration))?"
    r"|followed)\b[^.;]{0,50}?(?P<t>\d+(?:\.\d+)?(?:\s*(?:-|–|to|±"
    r"|\+/-)\s*\d+(?:\.\d+)?)?(?:\s*\([^()]*\))?[\s-]*(?:days?|weeks?|months?|years?))\b"
    r"|\b(?P<b>\d+(?:\.\d+)?[\s-]*(?:days?|weeks?|months?|years?))\s+(?:of\s+)?follow[\s-]*up\b",
    re.I,
)
_AGES = (
    ("neonates", re.compile(r"\b(?:neonat\w+|newborns?|preterm|premature infants)\b", re.I)),
    ("children", re.compile(r"\b(?:child(?:ren)?|pa?ediatric|adolescents?|infants?|boys|girls)\b", re.I)),
    ("elderly", re.compile(r"\b(?:elderly|older (?:adults|people|patients|persons)|geriatric)\b", re.I)),
    ("adults", re.compile(r"\badults?\b", re.I)),
)


def study_frame(annotated: Annotated, views: tuple[SentenceView, ...] | None = None) -> StudyFrame:
    """The study as a whole. Facts that the text does not state stay None."""
    views = sentence_views(annotated) if views is None else views
    attributor = attributor_of(annotated)
    own = tuple(view for view in views if attributor.of(view.passage, view.start).attribution is Attribution.OWN)
    front = tuple(view for view in own if view.part in (Part.TITLE, Part.ABSTRACT))
    if not any(view.part is Part.ABSTRACT for view in front):
        front = own
    return StudyFrame(
        design=_design(annotated, front or views),
        n_total=_n_total(front),
        population=_population(front),
        age_group=_age_group(annotated, front),
        histology=_histology(front),
        follow_up=_follow_up(front or own),
    )


def _design(annotated: Annotated, views: tuple[SentenceView, ...]) -> str | None:
    document = annotated.document
    title = document.title or " ".join(view.text for view in views if view.part is Part.TITLE)
    text = " ".join(view.text for view in views if view.part is not Part.TITLE)
    types = " ".join(document.publication_types).lower()
    if "meta-analysis" in types or _DESIGNS[0][1].search(title):
        return "meta-analysis"
    if document.article_type is ArticleType.CASE_REPORT:
        return "case report"
    for name, pattern in _DESIGNS:
        if name in ("meta-analysis", "laboratory") and not pattern.search(title):
            continue
        if pattern.search(title) or pattern.search(text):
            compared = best_allocation(views) if name == "single-arm trial" else None
            return "cohort" if compared and compared.score > _COMPARED else name
    if "randomized controlled trial" in types:
        return "randomised controlled trial"
    if document.article_type is ArticleType.REVIEW or "review" in types:
        return "review"
    return "single-arm trial" if _STARTED.search(text) and best_allocation(views) is None else None


def _n_total(views: tuple[SentenceView, ...]) -> int | None:
    """The number of people enrolled: the first large count of people, or the sum of the arms' sizes."""
    best: tuple[float, int] | None = None
    for number, view in enumerate(view for view in views if view.part is not Part.TITLE):
        for match in _COUNTED.finditer(view.text):
            count = to_int(match.group("n"))
            if count is None or count < 2 or count > 1_000_000 or 1900 <= count <= 2030:
                continue
            score = min(count, 2000) ** 0.5 * 0.25 - 0.35 * number + (1.5 if _ENROLS.search(view.text) else 0.0)
            score += {Section.METHODS: 1.0, Section.CONCLUSION: -3.0}.get(view.section or Section.RESULTS, 0.0)
            if best is None or score > best[0]:
                best = (score, count)
    allocation = best_allocation(views)
    sizes = [slot.size for slot in allocation.slots] if allocation else []
    known = [size for size in sizes if size is not None]
    total = sum(known) if known and len(known) == len(sizes) else None
    if total is not None and (best is None or best[1] < total):
        return total
    return best[1] if best else total


def _population(views: tuple[SentenceView, ...]) -> str | None:
    candidates = [(mention, view) for view in views for mention in view.of(Label.POPULATION)]
    best, score = None, 0.0
    for number, (mention, view) in enumerate(candidates):
        words = len(mention.text.split())
        value = min(words, 8) * 0.4 - number * 0.25
        value += (
            2.0
            if re.search(
                r"\b(?:random|enrol|includ|recruit|studied|treated|assign|allocat"
                r"|select)\w*",
                view.text,
                re.I,
            )
            else 0.0
        )
        value += 1.0 if view.section is Section.METHODS else 0.0
        value -= 2.0 if view.section in (Section.CONCLUSION, Section.DISCUSSION) else 0.0
        if best is None or value > score:
            best, score = mention.text, value
    return re.sub(r"\s+", " ", best) if best else None


def _age_group(annotated: Annotated, views: tuple[SentenceView, ...]) -> str | None:
    text = f"{annotated.document.title or ''} " + " ".join(view.text for view in views)
    found = [name for name, pattern in _AGES if pattern.search(text)]
    return found[0] if found else None


def _histology(views: tuple[SentenceView, ...]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for view in views:
        for mention in view.of(Label.HISTOLOGY):
            if mention.assertion is Assertion.PRESENT:
                names.setdefault(mention.concept.name if mention.concept else re.sub(r"\s+", " ", mention.text), None)
    return tuple(names)


def _follow_up(views: tuple[SentenceView, ...]) -> str | None:
    for view in views:
        if match := _FOLLOW_UP.search(view.text):
            return re.sub(r"\s+", " ", match.group("t") or match.group("b"))
    return None
