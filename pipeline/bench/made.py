"""Papers made by rule: abstracts, JATS articles, PDFs and PubMed exports, the same for the same number.

Place in the flow: what the benchmark reads where no folder of papers is given. The sentences are invented and differ in
drugs, numbers and lesions only: speed can be measured on them, quality cannot.
"""

from __future__ import annotations

import gzip
import random
from pathlib import Path
from xml.sax.saxutils import escape

from pipeline.bench.made_pdf import two_column_pdf

_DRUGS = (
    "voclosporin", "tacrolimus", "rituximab", "cyclophosphamide", "prednisolone", "azathioprine", "mizoribine",
    "cyclosporine", "mycophenolate mofetil", "methylprednisolone", "chlorambucil", "levamisole", "ofatumumab",
    "obinutuzumab", "belimumab", "losartan", "ramipril", "sparsentan", "dapagliflozin", "avacopan",
)  # fmt: skip
_LESIONS = (
    "minimal change disease", "membranous nephropathy", "lupus nephritis", "IgA nephropathy",
    "focal segmental glomerulosclerosis", "membranoproliferative glomerulonephritis", "C3 glomerulopathy",
    "diabetic nephropathy",
)  # fmt: skip
_PARAGRAPHS = 24
_REFERENCES = 40
_COLUMNS = ("Characteristic", "Group A (n = {n})", "Group B (n = {m})", "P value")


def made_title(number: int) -> str:
    """The title of paper `number`."""
    drug, other, lesion = _subject(number)
    return f"{drug.capitalize()} or {other} in adults with {lesion}: trial {number}"


def made_sentences(number: int) -> str:
    """One invented paragraph of some 110 words with doses, counts, means and P values."""
    drug, other, lesion = _subject(number)
    rng = random.Random(number + 1)
    n, m = rng.randint(20, 300), rng.randint(20, 300)
    a, b = rng.randint(1, n), rng.randint(1, m)
    mean, spread = rng.randint(20, 60) / 10, rng.randint(3, 15) / 10
    return (
        f"We compared {drug} with {other} in {lesion}. {n + m} adults were randomised to {drug} {rng.randint(1, 9)} "
        f"mg/kg daily (n = {n}) or {other} {rng.randint(10, 90)} mg twice daily (n = {m}) for {rng.randint(3, 24)} "
        f"months. Complete remission was seen in {a} of {n} patients given {drug} ({100 * a / n:.0f}%) and in {b} of "
        f"{m} given {other} ({100 * b / m:.0f}%; P = 0.0{rng.randint(1, 9)}). Proteinuria fell to {mean} ± {spread} "
        f"g/day with {drug} and to {mean + 0.7:.1f} ± {spread} g/day with {other}. Serum albumin rose in both groups. "
        f"Infections were seen in {rng.randint(1, 9)} and {rng.randint(1, 9)} patients, and nobody died."
    )


def _subject(number: int) -> tuple[str, str, str]:
    rng = random.Random(number)
    drug, other = rng.sample(_DRUGS, 2)
    return drug, other, rng.choice(_LESIONS)


def write_abstracts(folder: Path, n: int) -> list[Path]:
    """Abstracts of some 120 words as text files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:06}.txt" for number in range(n)]
    for number, path in enumerate(paths):
        path.write_text(f"{made_title(number)}.\n\n{made_sentences(number)}\n", encoding="utf-8")
    return paths


def _table(number: int) -> list[tuple[str, ...]]:
    """A table of ten rows with counts and means of two groups."""
    rng = random.Random(number + 2)
    n, m = rng.randint(20, 300), rng.randint(20, 300)
    rows = [tuple(column.format(n=n, m=m) for column in _COLUMNS)]
    for name in ("Complete remission", "Partial remission", "Relapse", "Infection", "Death"):
        a, b = rng.randint(0, n), rng.randint(0, m)
        rows.append((f"{name}, n (%)", f"{a} ({100 * a / n:.0f})", f"{b} ({100 * b / m:.0f})", "0.0" + str(a % 9 + 1)))
    for name, unit in (("Proteinuria", "g/day"), ("Albumin", "g/L"), ("Creatinine", "mg/dL"), ("Age", "years")):
        cells = (f"{rng.randint(10, 90) / 10} ± {rng.randint(1, 20) / 10}" for _ in range(2))
        rows.append((f"{name} ({unit})", *cells, "0.4"))
    return rows


def write_jats(folder: Path, n: int) -> list[Path]:
    """JATS articles of some 2,700 words with two tables each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:04}.nxml" for number in range(n)]
    for number, path in enumerate(paths):
        path.write_text(_jats(number), encoding="utf-8")
    return paths


def _jats(number: int) -> str:
    parts = []
    for section, title in enumerate(("Introduction", "Methods", "Results", "Discussion")):
        first = number * 1000 + section * 100
        body = "".join(_jats_paragraph(first + i) for i in range(_PARAGRAPHS // 4))
        parts.append(f"<sec><title>{title}</title>{body}{_jats_table(first) if section in (1, 2) else ''}</sec>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><article article-type="research-article"><front>'
        "<journal-meta><journal-title-group><journal-title>Journal of Made Trials</journal-title></journal-title-group>"
        f'</journal-meta><article-meta><article-id pub-id-type="doi">10.5555/made.{number}</article-id>'
        f'<article-id pub-id-type="pmc">{9000000 + number}</article-id>'
        f"<title-group><article-title>{escape(made_title(number))}</article-title></title-group>"
        f"<pub-date><year>2020</year></pub-date><abstract><p>{escape(made_sentences(number))}</p></abstract>"
        f"</article-meta></front><body>{''.join(parts)}</body><back><ref-list>{_jats_references(number)}</ref-list></back>"
        "</article>"
    )


def _jats_paragraph(number: int) -> str:
    cited = number % _REFERENCES + 1
    mark = f'<xref ref-type="bibr" rid="R{cited}">{cited}</xref>'
    return f"<p>{escape(made_sentences(number))} This agrees with others [{mark}].</p>"


def _jats_references(number: int) -> str:
    made = []
    for cited in range(1, _REFERENCES + 1):
        made.append(
            f'<ref id="R{cited}"><label>{cited}</label><element-citation publication-type="journal"><person-group '
            f'person-group-type="author"><name><surname>Made</surname><given-names>A</given-names></name></person-group>'
            f"<article-title>{escape(made_title(number + cited))}</article-title><source>J Made Trials</source>"
            f"<year>{1980 + cited}</year><volume>{cited}</volume><fpage>{cited}</fpage></element-citation></ref>"
        )
    return "".join(made)


def _jats_table(number: int) -> str:
    head, *rows = _table(number)
    cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<table-wrap id="T{number}"><label>Table {number % 100}</label><caption><p>Outcomes at 12 months</p></caption>'
        f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></table-wrap>"
    )


def write_pdfs(folder: Path, n: int) -> list[Path]:
    """Two-column PDFs of five pages or so, with a table."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:04}.pdf" for number in range(n)]
    for number, path in enumerate(paths):
        text: list[tuple[str, str]] = [("title", made_title(number)), ("head", "Abstract")]
        text.append(("text", made_sentences(number)))
        for section, title in enumerate(("Introduction", "Methods", "Results", "Discussion")):
            text.append(("head", title))
            text += [("text", made_sentences(number * 1000 + section * 100 + i)) for i in range(_PARAGRAPHS // 4)]
        path.write_bytes(two_column_pdf(text, _table(number)))
    return paths


def write_pubmed(path: Path, n: int) -> None:
    """A PubMed export of `n` records, packed, as the yearly baseline has them (30,000 in each file)."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n')
        for number in range(n):
            file.write(
                f'<PubmedArticle><MedlineCitation><PMID Version="1">{80000000 + number}</PMID><Article><Journal>'
                "<JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue><Title>Journal of Made Trials</Title>"
                f"</Journal><ArticleTitle>{escape(made_title(number))}.</ArticleTitle><Abstract><AbstractText>"
                f"{escape(made_sentences(number))}</AbstractText></Abstract><Language>eng</Language></Article>"
                "</MedlineCitation></PubmedArticle>\n"
            )
        file.write("</PubmedArticleSet>\n")
