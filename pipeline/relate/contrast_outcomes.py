"""The outcomes a piece of a sentence speaks of: those of its test, or of each direction word.

Place in the flow: asked by `contrast_told.py` for the pieces that `contrast.py` cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.evidence import Direction
from pipeline.relate.alike import listed_subjects
from pipeline.relate.contrast import Segment, Told
from pipeline.relate.contrast_phrase import bracketed, changed_of, phrase_of, share_of, spelt_out
from pipeline.relate.coordinated import completed
from pipeline.relate.direction import Cue, find_cues, is_correlation
from pipeline.relate.findings import Finding
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.spared import is_spared
from pipeline.relate.view import SentenceView, without_brackets

_LIST = re.compile(
    r"\s*(?:,\s?and|,\s?or|,|and|or|nor|as well as|/)\s"
    r"(?:(?!(?:with|without|by|after|during|from|than|despite|although|while|but|that|which|who|was|were|to|until)\b)[\w-]+\s){0,3}",
    re.IGNORECASE,
)
_OF = re.compile(
    r"^\s(?:\w+ly\s)?(?:of|in|on|for|with respect to|regarding|concerning)\s"
    r"(?:[\w-]+\s){0,4}\Z",
    re.IGNORECASE,
)
_NEXT_TO = re.compile(
    r"^\s(?!(?:in|with|than|to|between|for|at|on|by|from|after|during|and|or|but)\b)(?:(?!(?:in|with"
    r"|than|to|between|for|at|by|from|after|during|and|or|but)\b)[\w-]+\s){0,3}\Z",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*(?:,\s?and|,\s?or|,|and|or|nor)\s", re.IGNORECASE)
_INDEX_OF = re.compile(
    r",\s(?:an?|the)\s(?:\w+\s)?(?:index|marker|measure|indicator|parameter|estimate|surrogate)s?\s(?:of|for)\s"
    r"(?:the\s)?\Z",
    re.IGNORECASE,
)
_DEFINED_AS = re.compile(
    r"(?:point|outcome)s?\s[(\[](?:a\s)?(?:composite|defined|that is|i\.e)\b[^()\[\]]*\Z", re.IGNORECASE
)
# "events of interest (i.e., rash": what stands in the bracket only spells the outcome out.
_THAT_IS = re.compile(r"\w\s[(\[](?:i\.e\.|e\.g\.|that is|for example|such as|including)[^()\[\]]*\Z", re.IGNORECASE)
# "after adjustment for A and B", "regardless of C": what the finding is told apart from.
_APART = re.compile(
    r"\b(?:adjust(?:ed|ment|ing)\s(?:for|to)|(?:regardless|irrespective|independent(?:ly)?)\sof|controll(?:ed|ing)\sfor)\s"
    r"(?:(?!\b(?:was|were|is|are|did|had|has|still|remained|lowered|reduced|increased|decreased|improved|rose|fell|but|showed|led)\b)[^;])*\Z",
    re.IGNORECASE,
)
_PRIMARY = re.compile(
    r"(?:primary|main|principal) (?:efficacy )?(?:end[\s-]?points?|outcomes?)(?: measures?)?", re.IGNORECASE
)
# Between a number and the next outcome of a list whose verb is not said again: "by 22% (6-36), ".
_ELLIPSIS = re.compile(r"^[)\]]?\s?(?:[(\[][^()\[\]]*[)\]])?\s?(?:,|,?\sand)\s(?:[a-z-]+\s){0,3}\Z")
_COMPOSITE = re.compile(
    r"\b(?P<phrase>(?:composite|combination)\s(?:\w+\s){0,3}of\s(?:[\w-]+\s){0,5})\Z", re.IGNORECASE
)
_BARE_AND = re.compile(r"^\s?and\s")
_LESION = re.compile(
    r"(?:sclerosis|fibrosis|atrophy|lesions?|deposits?|deposition|crescents?|injury|infiltrates?)\Z", re.I
)
# "a risk reduction of 12 % (P = 0.04) for development of X": what stands behind the test.
_FOR = re.compile(r"\s?(?:for|in|of)\s(?:the\s)?(?:\w+\sof\s)?(?:the\s)?", re.IGNORECASE)
_OF_PEOPLE = 3.0  # cost of words that say who was treated
_BETWEEN = re.compile(r"\bbetween\s(?:(?:the|an?|changes?|in|of)\s)*\Z", re.IGNORECASE)
_ALIKE = re.compile(
    r"(?:were|was|are|is|did|not)\b.*\b(?:similar|comparable|equivalent|identical|differ|different)\Z", re.IGNORECASE
)
_CHANGES = re.compile(r"(?:increase|decrease|rise|fall|reduction|decline|improvement|drop|gain|loss)s?", re.IGNORECASE)
_BOUND = re.compile(
    r"\s?(?:[<>≤≥]|(?:of\s)?(?:less|greater|more|lower|higher) than|above|below|of at least)"
    r"\s?\d[\d.]*(?:\s?%|\s?[a-zA-Z]+/[a-zA-Z]+)?"
)
_EFFECT_ON = re.compile(r"\beffects?\Z", re.IGNORECASE)
_INTRANSITIVE = re.compile(
    r"rose|risen|rising|fell|fallen|resolved|disappear(?:ed|s|ing)|subsided|regressed", re.IGNORECASE
)
_DEPENDS = re.compile(r"\bdepend(?:ent)?\Z", re.IGNORECASE)
_SHORT_FORM = re.compile(r"\s?[(\[]")
_PLAIN_NEXT = re.compile(r"^\s\Z")


@dataclass(frozen=True, slots=True)
class Contrast:
    """A direction word, the outcomes it speaks of, and the piece of the sentence that it governs."""

    cue: Cue
    outcomes: tuple[Outcome, ...]
    segment: Segment
    is_change: bool = False  # over time in each arm, whatever else the words look like


def tested_outcomes(
    view: SentenceView, segment: Segment, cues: Sequence[Cue], options: Sequence[Outcome], told: Told
) -> list[tuple[Outcome, bool]]:
    """The outcomes of a segment with a p-value or effect, and whether the test is theirs.

    Those of its numbers, else the nearest, else the last before.
    """
    indexes = told.inside(segment)
    valued = [(told.findings[index], one) for index in indexes if (one := told.outcomes[index]) and one.kind != "word"]
    people = {one.start for one in options if one.cost >= _OF_PEOPLE}
    if any(one.start not in people and one.kind == "outcome" for one in _named(view, segment, options)):
        valued = [(finding, one) for finding, one in valued if one.start not in people]
    valued = [(finding, one) for finding, one in valued if not _is_aside(view, one)]
    if valued:
        return _valued(view, valued)
    if nearest := _nearest(view, segment, options):
        return [(one, True) for one in nearest]
    before = bracketed(view, segment.start, segment.p.start) if segment.p else None
    if before is not None and not _is_aside(view, before):
        return [(before, True)]
    if phrase := next((found for cue in cues if (found := phrase_of(view, segment.start, cue))), None):
        return [(phrase, True)]
    ahead = [one for one in options if one.kind == "outcome" and one.start < segment.start]
    last = [one for one in ahead if not _is_aside(view, one)][-1:]
    last = last or [one for one in options if _FOR.fullmatch(view.between(segment.end, one.start))][:1]
    return [(one, True) for one in last]


def _nearest(view: SentenceView, segment: Segment, options: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes named next to the test of a segment, with the list that they stand in."""
    named = _named(view, segment, options)
    if not named:
        return []
    anchor = segment.p.start if segment.p else segment.effect.start if segment.effect else segment.end
    groups = _groups(view, named)
    if is_correlation(view.between(segment.start, segment.end), tested=True):
        return groups[0][:1]  # "the fall in A correlated with B": A is what is spoken of
    nearest = min(groups, key=lambda group: min(abs(option.start - anchor) for option in group))
    if len(nearest) == 1 and (spelt := spelt_out(view, nearest[0], anchor)):
        return [next((one for one in options if one.end == spelt.end), spelt)]
    return completed(view, (segment.start, segment.end), nearest, options)


def _valued(view: SentenceView, valued: Sequence[tuple[Finding, Outcome]]) -> list[tuple[Outcome, bool]]:
    """ "lowered A by 25 %, B by 22 % and C by 24 % (P = 0.03)": the test is C's; of a plain pair it is both's."""
    last = valued[-1][1]
    found = [(last, True)]
    later = last
    for finding, outcome in reversed(valued[:-1]):
        if outcome.text == later.text:
            continue
        if not _ELLIPSIS.search(view.between(finding.end, later.start)) or later.start < finding.end:
            break
        shared = later is last and "(" not in finding.text and _BARE_AND.match(view.between(finding.end, later.start))
        found.append((outcome, bool(shared)))
        later = outcome
    return found[::-1]


def told_contrasts(
    view: SentenceView, segment: Segment, cues: Sequence[Cue], options: Sequence[Outcome], told: Told
) -> list[Contrast]:
    """The contrasts of a segment without a test, one per direction word that has an outcome."""
    found: list[Contrast] = []
    cues = _outside_names(view, cues, options)
    for index, cue in enumerate(cues):
        low = view.start + cues[index - 1].end if index else segment.start
        high = view.start + cues[index + 1].start if index + 1 < len(cues) else segment.end
        outcomes = _cue_outcomes(view, segment, cue, (options, (low, high)), told)
        end = view.start + cues[index + 1].start if index + 1 < len(cues) else segment.end
        window = replace(segment, start=view.start + cue.start, end=end) if len(cues) > 1 else segment
        taken = {outcome.text.lower() for contrast in found for outcome in contrast.outcomes}
        fresh = tuple(outcome for outcome in outcomes if outcome.text.lower() not in taken or "to " in cue.text)
        if fresh:
            found.append(Contrast(cue, fresh, window))
        elif len(found) == 1 and index == 1 and _ALIKE.match(cue.text) and _CHANGES.fullmatch(cues[0].text):
            # "the reductions in X were similar in both groups": X fell in each, and no more in one than in the other.
            found = [replace(found[0], is_change=True), Contrast(cue, found[0].outcomes, segment)]
    return found


def _cue_outcomes(
    view: SentenceView, segment: Segment, cue: Cue, near: tuple[Sequence[Outcome], tuple[int, int]], told: Told
) -> list[Outcome]:
    options = near[0]
    if cue.direction is Direction.NO_DIFFERENCE and (listed := listed_subjects(view, segment.start, segment.end)):
        return listed
    found = _spoken_of(view, segment, cue, near, told)
    if found and _BETWEEN.search(view.between(view.start, found[0].start)):
        return found  # "a correlation between A and B"
    return completed(view, (segment.start, segment.end), found, options)


def _spoken_of(
    view: SentenceView, segment: Segment, cue: Cue, near: tuple[Sequence[Outcome], tuple[int, int]], told: Told
) -> list[Outcome]:
    """The outcomes that the tagger knows, of which a direction word speaks; else the phrase that it speaks of."""
    options, (low, high) = near
    start, end = view.start + cue.start, view.start + cue.end
    groups = _groups(view, _named(view, segment, options))
    if (share := share_of(view, cue)) is not None:
        known = [one for one in options if one.start < share.end and share.start < one.end]
        listed = [group for group in groups if any(one in group for one in known)]
        return [*listed, known[:1] or [share]][0] if not (limit := _limited(view, known)) else [limit]
    if _EFFECT_ON.search(view.between(start, end)) and view.between(end, end + 4) == " on ":
        groups = [group for group in groups if group[0].start >= end]  # "no adverse effects on X"
    for group in groups:
        if any(option.start < end and start < option.end for option in group):
            return group  # the word is part of the outcome's name: "decline in GFR"
        gap = view.between(end, group[0].start) if group[0].start >= end else None
        stays = _DEPENDS.search(cue.text) or _INTRANSITIVE.fullmatch(cue.text)
        if gap is not None and stays and not _PLAIN_NEXT.match(gap):
            continue  # "X did not depend on Y", "X, which resolved, did not affect Y" are told of X
        if gap is not None and (_OF.match(gap) or _NEXT_TO.match(gap) or _PLAIN_NEXT.match(gap)):
            return group
    if (changed := changed_of(view, cue)) is not None and changed.start < high:
        return [changed]
    before = [group for group in groups if group[-1].end <= start]
    if before and (before[-1][-1].start >= low or not any(end <= group[0].start < high for group in groups)):
        return before[-1]
    after = [group for group in groups if end <= group[0].start < high]
    if after and not _DEPENDS.search(cue.text) and not _INTRANSITIVE.fullmatch(cue.text):
        return after[0]
    valued = [one for index in told.inside(segment) if (one := told.outcomes[index]) is not None and one.kind != "word"]
    phrase = None if valued else phrase_of(view, max(low, segment.start), cue)
    return valued[:1] or ([phrase] if phrase else [])


def _limited(view: SentenceView, known: Sequence[Outcome]) -> Outcome | None:
    """ "a higher proportion reaching X < 7%": to be below the limit is what more of them did, X is not higher."""
    match = _BOUND.match(view.between(known[0].end, view.end)) if known else None
    if match is None:
        return None
    end = known[0].end + match.end()
    return Outcome(view.between(known[0].start, end), known[0].start, end, None, known[0].cost)


def _outside_names(view: SentenceView, cues: Sequence[Cue], options: Sequence[Outcome]) -> list[Cue]:
    """Without the words that are part of an outcome's name ("decline in GFR"), unless no other word is left."""
    free = [
        cue
        for cue in cues
        if not any(one.start <= view.start + cue.start and view.start + cue.end <= one.end for one in options)
    ]
    return free or list(cues)


def _named(view: SentenceView, segment: Segment, options: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes named in a segment; diseases and lesions that are listed with one, or if there is no outcome."""
    inside = [one for one in options if segment.start <= one.start < segment.end and not _is_aside(view, one)]
    inside = [one for one in inside if not is_spared(view, one)]
    told = [one for one in inside if one.kind == "outcome" or (one.kind == "word" and _PRIMARY.fullmatch(one.text))]
    told = [one for one in told if one.cost < _OF_PEOPLE] or told
    states = [one for one in inside if one.kind in ("condition", "histology") and one.cost < _OF_PEOPLE]
    if not told:
        return [one for one in states if one.kind == "condition" or _LESION.search(one.text)]
    listed = [one for one in states if any(_is_listed(view, other, one) for other in inside if other is not one)]
    return sorted([*told, *listed], key=lambda one: one.start)


def _is_listed(view: SentenceView, one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes are neighbours of a list: nothing but a comma or "and" between them."""
    first, second = sorted((one, other), key=lambda outcome: outcome.start)
    return bool(_COMMA.fullmatch(without_brackets(view.between(first.end, second.start))))


def _is_aside(view: SentenceView, option: Outcome) -> bool:
    """ "the ratio, an index of permselectivity, was unaffected": the aside explains the outcome, it is none."""
    before = view.between(view.start, option.start)
    if _APART.search(f"{before}{' '.join(option.text.split()[:2])} "):
        return True
    of_index = _INDEX_OF.search(before + option.text[: option.text.find(" of ") + 4]) if " of " in option.text else None
    return bool(
        _INDEX_OF.search(before)
        or of_index
        or _DEFINED_AS.search(before)
        or _THAT_IS.search(before)
        or _APART.search(before)
    )


def _groups(view: SentenceView, named: Sequence[Outcome]) -> list[list[Outcome]]:
    """Outcomes in lists: "A, B and C" is one group, "the composite of A, B or C" one outcome."""
    return [_composite(view, group) for group in _lists(view, named)]


def _composite(view: SentenceView, group: list[Outcome]) -> list[Outcome]:
    match = _COMPOSITE.search(view.between(view.start, group[0].start))
    if match is None or len(group) < 2:
        return group
    start = view.start + match.start("phrase")
    text = " ".join(view.between(start, group[-1].end).split())
    return [Outcome(text, start, group[-1].end, None, group[0].cost)]


def _lists(view: SentenceView, named: Sequence[Outcome]) -> list[list[Outcome]]:
    groups: list[list[Outcome]] = []
    for option in named:
        bracketed = groups and _SHORT_FORM.fullmatch(view.between(groups[-1][-1].end, option.start))
        if bracketed and view.between(option.end, option.end + 1) in (")", "]"):
            continue  # "glomerular filtration rate (GFR)" is one outcome
        gap = without_brackets(view.between(groups[-1][-1].end, option.start)) if groups else ""
        if groups and _LIST.fullmatch(gap) and not find_cues(gap):
            groups[-1].append(option)
        else:
            groups.append([option])
    return groups
