"""Words that headings and front matter of printed papers are made of.

Place in the flow: `pdf_flow` matches lines against them; what a heading means for a section is `headings.section_of`.
"""

from __future__ import annotations

import re

ABSTRACT = re.compile(r"^(?:structured )?(?:abstract|summary|a ?b ?s ?t ?r ?a ?c ?t)\s*[:.]?$", re.IGNORECASE)
MAIN = re.compile(
    r"^(?:\d+\.?\s*|[IVX]+\.\s*)?(?:introduction(?: and background)?|background|(?:patients|subjects"
    r"|participants|materials?)?(?:,? and |,? & )?methods?(?: and materials?| and design|/design)?"
    r"|research design and methods|results?(?: and discussion)?|discussions?(?: and conclusions?)?"
    r"|conclusions?|case (?:report|presentation|description)s?|findings)\s*[:.]?$",
    re.IGNORECASE,
)
REFERENCES = re.compile(
    r"^(?:\d+\.?\s*)?(?:references?(?: and notes| cited| list)?|bibliography|literature(?: cited)?"
    r"|works cited)\s*:?$",
    re.IGNORECASE,
)
BACK = re.compile(
    r"^(?:\d+\.?\s*)?(?:acknowled?ge?ments?|funding(?: sources?| information| statement)?"
    r"|sources? of (?:funding|support)|(?:financial )?support|(?:declarations? of )?(?:conflicts?|competing"
    r"|conflicting|duality) of interests?.*"
    r"|competing (?:financial )?interests?.*|conflicts? of interests?.*|disclosures?.*|declarations?.*"
    r"|statements? and declarations.*|authors?['’]? ?s?['’]? ?contributions?.*|contributors?(?:hip)?.*"
    r"|author (?:information|details|affiliations|disclosures?|statement|roles).*|authors['’] (?:information"
    r"|details)"
    r"|data (?:availability|sharing)(?: statement)?|availability of data.*|supplement(?:ary|al) (?:materials?"
    r"|data|information|appendix|files?)|supporting information|additional (?:files?|information"
    r"|contributions)|appendix(?: [A-Z0-9])?.*|ethic(?:s|al) (?:approval|statement|consideration).*"
    r"|(?:trial )?registration|abbreviations(?: used)?|article information|affiliations?"
    r"|role of the (?:funding source|sponsor).*|consent(?: for publication)?|patient consent.*|orcid.*"
    r"|how to cite.*|cite this article.*|open access|publisher['’]s note.*|peer review.*|transparency.*"
    r"|provenance.*|guarantor.*|footnotes?|nonstandard abbreviations.*|keywords?:?)$",
    re.IGNORECASE,
)
EARLY = re.compile(  # headings that stand in the methods as often as behind the discussion
    r"^(?:\d+\.?\s*)?(?:ethic|consent|patient consent|role of|(?:trial )?registration|abbreviations|data|support"
    r"|appendix|additional|supplement|open access|authors?)",
    re.IGNORECASE,
)
LATE = re.compile(r"^(?:\d+\.?\s*)?(?:(?:results and )?discussion|conclusion|comment)", re.IGNORECASE)
BOX = re.compile(
    r"^(?:research in context|what (?:is already|this|are|is) .*|key (?:points|messages).*"
    r"|clinical perspective|highlights|take.home.*|significance statement"
    r"|strengths and limitations of this study)",
    re.IGNORECASE,
)
METADATA = re.compile(
    r"^(?:received|accepted|revised|published|submitted|correspond|\*?\s?corresponding|address(?:es)? (?:for"
    r"|correspondence)|reprint|e-?mail|academic editor|edited by|handling editor|©|copyright|this is an open"
    r"|this article is|"
    r"open access|from the |doi\b|https?:|abbreviations?(?: used)?[:,]|\*|†|‡|§|\d{0,2}\s?(?:department"
    r"|division|school|institut|universit|faculty|college|centre|center|hospital|cl[ií]nic)|see (?:page"
    r"|editorial|end of)|citation:|cite this|how to cite|review (?:began|ended)|to whom|all authors|members of"
    r"|clinicaltrials|trial registration number)",
    re.IGNORECASE,
)
AFFILIATION = re.compile(
    r"\b(?:Department|University|Hospital|Institute|School|Faculty|College|Division|Universit[àäé]t?|Cent(?:er"
    r"|re) for|@)\b|@\w"
)
ADDRESS = re.compile(
    r"^\d{0,2}\s?(?:Department|Division|School|Institut|Universit|Faculty|College|Centre|Center|Hospital|Cl[ií]nic)"
)
KEYWORDS = re.compile(r"^(?:key ?-?words?(?: and phrases)?|index terms|mesh(?: terms)?)\b\s*[:.—–-]?\s*", re.IGNORECASE)
REF_ENTRY = re.compile(r"^\[?\d{1,3}[\].)]?\s+\S|^\[\d{1,3}\]|^[A-Z][\w'’-]+,? [A-Z]")
ENDS = re.compile(r"[.?!:;][\"'”’)\]]*(?:\s*\[[\d,–\- ]+\])?$")


def is_metadata(text: str) -> bool:
    """Whether a text is about the article: affiliations, addresses, dates, licence."""
    return bool(METADATA.match(text)) or bool(ADDRESS.match(text)) or len(AFFILIATION.findall(text)) >= 2
