"""What a heading or a label of a structured abstract says about the text under it.

Place in the flow: every reader maps headings to `Section` here. `section_of("2.1 Statistical analysis")` is METHODS.
"""

from __future__ import annotations

import re

from pipeline.document import Section

_NUMBERING = re.compile(r"^\s*(?:(?:\d+(?:\.\d+)*|[IVX]{1,5}|[A-H])[.)]?\s+)?")

# Tried in order: the first that matches at the start of the heading decides.
_SECTIONS: tuple[tuple[Section, re.Pattern[str]], ...] = tuple(
    (section, re.compile(rf"(?:{words})\b", re.IGNORECASE))
    for section, words in (
        (
            Section.CASE,
            r"case(?:s)?(?: (?:reports?|presentations?|series|descriptions?|histor(?:y|ies)|summar(?:y|ies)"
            r"|\d+\w?))?(?![\w -])"
            r"|case(?:s)? (?:reports?|presentations?|series|descriptions?|histor(?:y|ies)|summar(?:y|ies)|\d+)"
            r"|clinical (?:cases?|presentation)|patient \d+|presentation of (?:the )?case",
        ),
        (
            Section.CONCLUSION,
            r"(?:authors['’]? )?conclusions?|conclud\w+|summary and conclusions?|take.home|implications?"
            r"|clinical (?:relevance|implications?|significance)|significance|summary",
        ),
        (
            Section.RESULTS,
            r"(?:main |principal |key )?(?:results?|findings)(?: and discussion)?|(?:primary|secondary) "
            r"(?:results|findings)|efficacy(?: results)?|adverse (?:events|effects)|safety(?: results)?"
            r"|baseline characteristics|observations?",
        ),
        (
            Section.DISCUSSION,
            r"discussion|comments?|interpretation|limitations?|strengths|conclusions? and "
            r"discussion",
        ),
        (
            Section.METHODS,
            r"(?:patients?|subjects?|participants|materials?|animals?)(?:,? (?:and|&|/) (?:study )?(?:methods?"
            r"|design|setting|procedures?|interventions?))?(?![\w -])"
            r"|(?:study |research |trial )?(?:methods?|methodology|design|setting|population|protocol"
            r"|procedures?)|experimental|(?:main |primary |secondary )?(?:outcomes?|end ?points?)(?: measures?)?"
            r"|interventions?|measurements?|statistic\w*|data (?:sources?|collection|extraction|analysis"
            r"|synthesis|selection)|study (?:selection|eligibility|registration)|eligibility|inclusion"
            r"|search (?:methods|strategy)|selection criteria|(?:clinical )?trial registration|registration"
            r"|randomi[sz]ation|sample size|ethic\w*|treatments?|materials",
        ),
        (
            Section.BACKGROUND,
            r"background|introduction|objectives?|aims?|purpose|goals?|context|rationale|hypothes[ie]s"
            r"|importance|problem|question|what is known|state of the art",
        ),
    )
)


def section_of(heading: str) -> Section | None:
    """The section that a heading opens, None if it does not say."""
    bare = _NUMBERING.sub("", heading, count=1).strip()
    for section, pattern in _SECTIONS:
        if pattern.match(bare):
            return section
    return None


_LABEL = re.compile(
    r"(?:(?<=^)|(?<=[.?!;)\]]\s)|(?<=[.?!;)\]]))"
    r"(?P<label>[A-Z][A-Za-z]+(?:(?:[ ,/&-]+| and )[A-Za-z]+){0,5})\s?:\s"
)


def abstract_labels(text: str) -> list[tuple[int, int, str]]:
    """Labels inside an abstract's running text, as `(start, end of the colon and blank, label)`.

    A label counts if it is written in capitals or names a section, and stands at the start of a sentence. One lone
    label that is not at the start is taken for an ordinary sentence.
    """
    if ":" not in text:
        return []
    found = []
    for match in _LABEL.finditer(text):
        label = match["label"]
        if section_of(label) is not None or (label.isupper() and len(label) > 3):
            found.append((match.start(), match.end(), label))
    if len(found) == 1 and found[0][0] > 0 and not found[0][2].isupper():
        return []
    return found
