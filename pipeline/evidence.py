"""What was found: mentions, concepts, arms, regimens, results and comparisons.

Place in the flow: `tag` and `link` make mentions, `relate` and `assemble` make the rest, `load` stores all of it.
Unknown is None. Every row carries its support: the passage and the span of its quote.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.document import Document, Span


class Label(StrEnum):
    """Kinds of mention."""

    DRUG = "DRUG"
    DOSE = "DOSE"
    HISTOLOGY = "HISTOLOGY"
    CONDITION = "CONDITION"
    OUTCOME = "OUTCOME"
    POPULATION = "POPULATION"
    ARM = "ARM"  # words that name a treatment group: "the tacrolimus group", "Case 1", "controls"
    STATISTIC = "STATISTIC"  # a value or a test: "12 ± 3", "6/15 (40%)", "P = 0.01", "HR 0.7 (0.5-0.9)"
    TIMEPOINT = "TIMEPOINT"
    FREQUENCY = "FREQUENCY"
    ROUTE = "ROUTE"
    DURATION = "DURATION"


class Assertion(StrEnum):
    """Status of a mention after ConText (Harkema et al. 2009)."""

    PRESENT = "present"
    NEGATED = "negated"
    HYPOTHETICAL = "hypothetical"


class Attribution(StrEnum):
    OWN = "own"
    CITED = "cited"
    BACKGROUND = "background"


class Role(StrEnum):
    INTERVENTION = "intervention"
    COMPARATOR = "comparator"
    BACKGROUND = "background"
    PREVIOUS = "previous"


class Measure(StrEnum):
    MEAN = "mean"
    MEDIAN = "median"
    PROPORTION = "proportion"
    COUNT = "count"
    RATE = "rate"
    CHANGE = "change"
    PERCENT_CHANGE = "percent change"
    OTHER = "other"


class Direction(StrEnum):
    INCREASED = "increased"
    DECREASED = "decreased"
    NO_DIFFERENCE = "no difference"


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry of a vocabulary: `id` is a CURIE such as "UNII:WM0HAQ4WNM" or "NCIT:C26934"."""

    id: str | None
    name: str
    vocabulary: str | None


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount given (or, if `is_target`, a drug level aimed at). `text` is the printed string.

    `unit` is UCUM ("mg", "mg/kg", "mg/kg/d", "ng/mL"); `per` the interval in UCUM ("d", "wk") when it is part of the
    printed amount; `frequency` the printed schedule ("on alternate days", "twice daily").
    """

    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    unit: str | None = None
    per: str | None = None
    frequency: str | None = None
    is_target: bool = False


@dataclass(frozen=True, slots=True)
class Statistic:
    """The numbers of one printed statistic, parsed. Fields that the text does not print stay None.

    `kind`: "value" (a number with or without spread), "proportion", "p", "interval" (a lone CI or range), "effect"
    (HR, OR, RR, difference), "size" (n = 12). `spread`: what low/high are ("CI", "IQR", "range").
    """

    kind: str
    value: float | None = None
    sd: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    spread: str | None = None
    unit: str | None = None  # UCUM, or the printed unit where UCUM has none ("times/year")
    events: float | None = None
    total: float | None = None
    percent: float | None = None
    operator: str | None = None  # of a p-value or a censored value: "<", "=", ">", "<=", ">="
    effect_measure: str | None = None  # hazard ratio, odds ratio, risk ratio, difference, correlation
    measure: str | None = None  # mean | median | … when printed beside the number


@dataclass(frozen=True, slots=True)
class Mention:
    """A labelled span of one passage; `document.passages[passage].text[start:end] == text`."""

    passage: int
    label: Label
    start: int
    end: int
    text: str
    extractor: str
    confidence: float = 1.0
    assertion: Assertion = Assertion.PRESENT
    concept: Concept | None = None
    dose: Dose | None = None
    statistic: Statistic | None = None


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document with its sentences, abbreviations and mentions: the output of `tag` and `link`.

    `sentences[i]` are the sentences of passage i. `abbreviations` maps a short form to its fully expanded long form.
    Mentions are sorted by passage, start, -end, label.
    """

    document: Document
    sentences: tuple[tuple[Span, ...], ...]
    abbreviations: dict[str, str]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Where a row's words stand: an exact span of one passage's text (a sentence, a clause, or a table cell)."""

    passage: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class DrugUse:
    """One drug within an arm. `drug` is the generic name in lower case, or a class name ("corticosteroid")."""

    drug: str
    drug_id: str | None = None
    dose: Dose | None = None
    target: Dose | None = None
    frequency: str | None = None
    route: str | None = None
    duration: str | None = None
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Arm:
    """A treatment group, a treated case or a phase of one; `arm_id` is "A1", "A2" … inside the paper."""

    arm_id: str
    name: str
    role: Role
    drugs: tuple[DrugUse, ...] = ()
    n: int | None = None
    population: str | None = None
    histology: tuple[str, ...] = ()  # preferred names
    attribution: Attribution = Attribution.OWN
    cited_ref: str | None = None
    aliases: tuple[str, ...] = ()
    quote: Quote | None = None

    @property
    def drug_names(self) -> tuple[str, ...]:
        """Generic names, sorted, without repeats."""
        return tuple(sorted({use.drug for use in self.drugs}))


@dataclass(frozen=True, slots=True)
class Result:
    """One arm x outcome x time point with its numbers. `text` is the value as printed."""

    outcome: str
    quote: Quote
    text: str
    arm_id: str | None = None
    outcome_concept: Concept | None = None
    measure: Measure = Measure.OTHER
    value: float | None = None
    sd: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    events: float | None = None
    total: float | None = None
    percent: float | None = None
    timepoint: str | None = None
    attribution: Attribution = Attribution.OWN
    cited_ref: str | None = None
    confidence: float = 0.5
    more_quotes: tuple[Quote, ...] = ()  # the same result told again elsewhere in the paper
    doubts: tuple[str, ...] = ()  # reasons to trust it less, as `relate/doubts.py` and the table reader name them


@dataclass(frozen=True, slots=True)
class Comparison:
    """One contrast of two arms, or of one arm over time (`arm_b` None)."""

    outcome: str
    quote: Quote
    arm_a: str | None = None
    arm_b: str | None = None
    outcome_concept: Concept | None = None
    effect_measure: str | None = None
    effect: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_operator: str | None = None
    p_value: float | None = None
    direction: Direction | None = None
    timepoint: str | None = None
    attribution: Attribution = Attribution.OWN
    cited_ref: str | None = None
    confidence: float = 0.5
    more_quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyFrame:
    """What the whole study is. `design` uses the words of docs/schema.md ("randomised controlled trial", …)."""

    design: str | None = None
    n_total: int | None = None
    population: str | None = None
    age_group: str | None = None
    histology: tuple[str, ...] = ()
    follow_up: str | None = None


@dataclass(frozen=True, slots=True)
class PaperEvidence:
    """Everything known of one paper: what `load` stores in one transaction."""

    annotated: Annotated
    frame: StudyFrame = field(default_factory=StudyFrame)
    arms: tuple[Arm, ...] = ()
    results: tuple[Result, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A source, or one record of it, that did not become rows."""

    source: str
    stage: str
    error: str
    what_to_do: str
