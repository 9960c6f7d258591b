"""Reading PDFs: order, repairs, floats, tables, references, and files that cannot be read."""

from __future__ import annotations

import importlib.util
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from pipeline.document import Box, Document, Part, Passage, Section
from pipeline.errors import UnreadableSource
from pipeline.read.pdf import read_pdf
from pipeline.read.pdf_chars import Word
from pipeline.read.pdf_clean import clean_word, fix_operators
from pipeline.read.pdf_signs import mend_signs
from pipeline.read.render import merge_boxes, render_page

_SPEC = importlib.util.spec_from_file_location("pdf_maker", Path(__file__).with_name("pdf_maker.py"))
assert _SPEC is not None and _SPEC.loader is not None
pdf_maker = importlib.util.module_from_spec(_SPEC)
sys.modules["pdf_maker"] = pdf_maker
_SPEC.loader.exec_module(pdf_maker)
Page, make_pdf = pdf_maker.Page, pdf_maker.make_pdf

LEFT, RIGHT = 50.0, 310.0
ONE = (
    "The kidney biopsies of all children were read again by two pathologists who did not know the treatment given. "
    "Proteinuria fell in most of them within eight weeks and stayed low until the end of the study period. "
)
TWO = (
    "In the second group the dose was halved after the first month because several families asked for it. "
    "No child left the study and every family came to the last visit at the clinic in the spring. "
)
THREE = (
    "These findings agree with what our nurses had seen over many years of practice in two small hospitals. "
    "Larger groups will have to show whether the gain lasts once the drug has been stopped for good. "
)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Document]:
    def _read(*pages: object, info: dict[str, str] | None = None) -> Document:
        path = tmp_path / "paper.pdf"
        path.write_bytes(make_pdf(list(pages), info=info))
        return read_pdf(path, name="paper.pdf")

    return _read


def parts(document: Document, part: Part) -> list[Passage]:
    return [passage for passage in document.passages if passage.part is part]


def body(document: Document) -> str:
    return " ".join(passage.text for passage in parts(document, Part.BODY))


def two_columns(*, right_first: bool = False) -> object:
    """A first page: title across, then two columns; the PDF may draw the right one first."""
    page = Page()
    page.text(120, 60, "Halving the dose in small children", size=18, font="bold")
    page.text(150, 90, "Ada Quill and Tom Brandt", size=11)
    page.text(LEFT, 130, "Introduction", size=12, font="bold")

    def left() -> None:
        page.lines(LEFT, 150, ONE * 4)

    def right() -> None:
        page.lines(RIGHT, 130, TWO * 4)

    for draw in (right, left) if right_first else (left, right):
        draw()
    return page


@pytest.mark.parametrize("right_first", [False, True])
def test_columns_are_read_one_after_the_other(read: Callable[..., Document], right_first: bool) -> None:
    text = body(read(two_columns(right_first=right_first)))
    assert text.split() == (ONE * 4 + TWO * 4).split()


def test_what_spans_the_columns_parts_the_page_into_bands(read: Callable[..., Document]) -> None:
    page = Page()
    page.text(LEFT, 60, "Introduction", size=12, font="bold")
    page.lines(LEFT, 80, ONE)
    page.lines(RIGHT, 80, TWO)
    page.lines(LEFT, 250, THREE, per_line=110)
    page.lines(LEFT, 400, TWO)
    page.lines(RIGHT, 400, ONE)
    assert body(read(page)).split() == (ONE + TWO + THREE + TWO + ONE).split()


def test_title_authors_and_section(read: Callable[..., Document]) -> None:
    document = read(two_columns())
    assert document.title == "Halving the dose in small children"
    assert document.authors == ("Quill", "Brandt")
    assert {passage.section for passage in parts(document, Part.BODY)} == {Section.BACKGROUND}


def test_every_word_has_its_box_on_its_page(read: Callable[..., Document]) -> None:
    document = read(two_columns())
    for passage in document.passages:
        covered = set()
        for piece in passage.boxes:
            box = piece.box
            assert 0 <= box.x0 < box.x1 <= 595 and 0 <= box.top < box.bottom <= 842
            assert piece.end <= len(passage.text)
            covered |= set(range(piece.start, piece.end))
        assert covered == {i for i, char in enumerate(passage.text) if not char.isspace()}
    first = parts(document, Part.BODY)[0]
    word = first.boxes_of(0, 3)[0]
    assert word.page == 1 and word.x0 == pytest.approx(50, abs=1) and word.top < 150 < word.bottom + 3


def test_a_paragraph_goes_on_over_the_page(read: Callable[..., Document]) -> None:
    first, second = Page(), Page()
    first.text(LEFT, 60, "Results", size=12, font="bold")
    first.lines(LEFT, 80, ONE * 5 + "The last word of this page is not the", per_line=100)
    second.lines(LEFT, 80, "end of its sentence. " + TWO * 3, per_line=100)
    document = read(first, second)
    assert "is not the end of its sentence." in body(document)
    assert parts(document, Part.BODY)[0].section is Section.RESULTS


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("patients were given pred-", "nisolone every other day of"), "prednisolone every"),
        (("patients had a long-", "standing disease and the long-standing"), "a long-standing disease"),
        (("children with steroid-", "resistant disease were seen"), "steroid-resistant disease"),
        (("between the ages of 12-", "17 years they were seen at"), "12-17 years"),
    ],
)
def test_hyphens_at_line_ends(read: Callable[..., Document], lines: tuple[str, str], expected: str) -> None:
    page = Page()
    page.text(LEFT, 60, "Methods", size=12, font="bold")
    y = page.lines(LEFT, 80, ONE + "The prednisolone")
    for line in lines:
        page.text(LEFT, y, line)
        y += 12
    page.lines(LEFT, y, TWO)
    document = read(page)
    assert expected in body(document)
    passage = parts(document, Part.BODY)[0]
    at = passage.text.index(expected.split()[-2])
    assert {box.page for box in passage.boxes_of(at, at + 4)} == {1}


def test_raised_numbers_are_citations_and_exponents_are_not(read: Callable[..., Document]) -> None:
    page = Page()
    page.text(LEFT, 60, "Methods", size=12, font="bold")
    y = page.lines(LEFT, 80, ONE)
    page.text(LEFT, y, "as others did before")
    page.text(131.5, y - 4, "3,5", size=6)
    page.text(LEFT, y + 12, "with counts of 4 x 10")
    page.text(134.5, y + 8, "9", size=6)
    page.text(142, y + 12, "cells in each of the tubes.")
    document = read(page)
    passage = parts(document, Part.BODY)[-1]
    assert "before with" in passage.text
    assert "10^9 cells" in passage.text
    (mark,) = passage.citations
    assert mark.keys == ("3", "5")
    assert passage.text[: mark.position].endswith("before")


def paper_with_furniture() -> list[object]:
    pages = []
    for number, text in enumerate((ONE, TWO, THREE), start=1):
        page = Page()
        page.text(LEFT, 30, "Quill and Brandt", size=8)
        page.text(520, 30, str(100 + number), size=8)
        page.text(LEFT, 820, "Downloaded from journal.example on 4 May", size=7)
        page.turned(580, 600, "For personal use only")
        if number == 1:
            page.text(LEFT, 60, "Discussion", size=12, font="bold")
        page.lines(LEFT, 80, text * 6, per_line=100)
        pages.append(page)
    return pages


def test_running_heads_and_notices_stay_out_of_the_text(read: Callable[..., Document]) -> None:
    document = read(*paper_with_furniture())
    text = body(document)
    assert text.split() == (ONE * 6 + TWO * 6 + THREE * 6).split()
    heads = [passage.text for passage in parts(document, Part.METADATA)]
    assert heads.count("Quill and Brandt") == 1
    assert document.coverage == pytest.approx(1.0, abs=0.06)


def test_line_numbers_are_dropped(read: Callable[..., Document]) -> None:
    page = Page()
    page.text(70, 60, "Results", size=12, font="bold")
    words = (ONE + TWO + THREE + ONE).split()
    for number in range(1, 19):
        page.text(30, 60 + 24 * number, str(number), size=8)
        page.text(70, 60 + 24 * number, " ".join(words[(number - 1) * 7 : number * 7]))
    assert body(read(page)).split() == words[: 18 * 7]


def table_page(*, gap: float = 0.0) -> object:
    page = Page()
    page.text(LEFT, 60, "Results", size=12, font="bold")
    page.lines(LEFT, 80, ONE, per_line=100)
    page.text(LEFT, 140, "Table 1.", size=9, font="bold")
    page.text(90, 140, "Course of the children in both arms", size=9)
    page.rule(LEFT, 148, 500)
    page.text(230, 160, "Rituximab", size=8)
    page.text(390, 160, "Placebo", size=8)
    page.rule(200, 163, 320)
    page.rule(360, 163, 480)
    for x, head in ((200, "n (%)"), (270, "mg/day"), (360, "n (%)"), (430, "mg/day")):
        page.text(x, 173, head, size=8)
    page.rule(LEFT, 178, 500)
    page.text(LEFT, 190, "Relapse", size=8)
    rows = (
        ("  at 6 months", "4 (20.0)", "12.5", "9 (45.0)", "20.1"),
        ("  at 12 months", "6 (30.0)", "11.0", "12 (60.0)", "19.8"),
        ("Hypertension", "2 (10.0)", "–", "3 (15.0)", "0.5"),
        ("Infections a", "1 (5.0)", "3.1", "1 (5.0)", "2.2"),
    )
    y = 202.0
    for label, *values in rows:
        page.text(LEFT + (8 if label.startswith("  ") else 0), y, label.strip(), size=8)
        for x, value in zip((200, 270, 360, 430), values, strict=True):
            page.text(x - gap, y, value, size=8)
        y += 12
    page.rule(LEFT, y - 4, 500)
    page.text(LEFT, y + 8, "a Those that needed a stay in hospital.", size=7)
    page.lines(LEFT, 320, TWO * 3, per_line=100)
    return page


def test_a_table_has_cells_with_headers_and_boxes(read: Callable[..., Document]) -> None:
    document = read(table_page())
    (passage,) = parts(document, Part.TABLE)
    table = passage.table
    assert table is not None
    assert table.label == "Table 1" and table.caption == "Course of the children in both arms"
    cells = {(cell.row_headers, cell.column_headers): cell for cell in table.cells if not cell.is_header}
    cell = cells[("Relapse", "at 6 months"), ("Placebo", "n (%)")]
    assert cell.text == "9 (45.0)" == passage.text[cell.start : cell.end]
    assert cell.box is not None and cell.box.x0 == pytest.approx(360, abs=1) and cell.box.page == 1
    assert cells[("Hypertension",), ("Rituximab", "n (%)")].text == "2 (10.0)"
    assert [note for _, note in table.footnotes] == ["Those that needed a stay in hospital."]
    assert body(document).split() == (ONE + TWO * 3).split()


def test_no_cell_holds_a_value_that_is_not_printed(read: Callable[..., Document]) -> None:
    printed = {"4 (20.0)", "12.5", "9 (45.0)", "20.1", "6 (30.0)", "11.0", "12 (60.0)", "19.8", "2 (10.0)", "–"}
    printed |= {"3 (15.0)", "0.5", "1 (5.0)", "3.1", "2.2"}
    for passage in parts(read(table_page()), Part.TABLE):
        assert passage.table is not None
        values = {c.text for c in passage.table.cells if not c.is_header and c.column > 0 and c.text}
        assert values == printed


def test_a_table_without_columns_is_told(read: Callable[..., Document]) -> None:
    page = Page()
    page.text(LEFT, 60, "Results", size=12, font="bold")
    page.lines(LEFT, 80, ONE, per_line=100)
    page.text(LEFT, 140, "Table 2. What the families said", size=9, font="bold")
    page.rule(LEFT, 146, 500)
    page.text(LEFT, 160, "They were content with it and would do it again.", size=8)
    page.text(LEFT, 172, "Two of them had wished for more talks with the doctor.", size=8)
    page.rule(LEFT, 178, 500)
    page.lines(LEFT, 230, TWO * 3, per_line=100)
    document = read(page)
    assert ("table not understood", 1) in {(note.kind, note.page) for note in document.notes}
    assert all(passage.table is None for passage in document.passages)


def test_a_sentence_that_opens_with_a_label_is_no_caption(read: Callable[..., Document]) -> None:
    page = Page()
    page.text(LEFT, 60, "Results", size=12, font="bold")
    y = page.lines(LEFT, 80, ONE, per_line=100)
    page.lines(LEFT, y + 12, "Table 1 shows the course of the children. " + TWO, per_line=100)
    document = read(page)
    assert parts(document, Part.CAPTION) == []
    assert "Table 1 shows the course" in body(document)


LEGEND = (
    "Numbers below each plot are those of children still at risk in both groups of the trial. Shaded bands around "
    "each line are intervals of confidence, which were computed by resampling a thousand times."
)


@pytest.mark.parametrize("between", ["plot", "text"])
def test_a_legend_below_its_picture_belongs_to_the_title_above(read: Callable[..., Document], between: str) -> None:
    page = Page()
    page.text(LEFT, 60, "Figure 1 Relapses over time", size=7, font="sans")
    if between == "plot":
        for x in range(4):
            page.text(LEFT + 60 * x, 120, f"{3 * x}", size=6, font="sans")
            page.text(LEFT + 60 * x, 150, f"{40 - x} {39 - x}", size=6, font="sans")
    else:
        page.lines(LEFT, 100, ONE, per_line=100)
    y = page.lines(LEFT, 180, LEGEND, per_line=110, size=7, font="sans")
    page.lines(LEFT, y + 30, TWO + ONE, per_line=100)
    document = read(page)
    is_joined = [p.text for p in parts(document, Part.CAPTION)] == [f"Figure 1 Relapses over time {LEGEND}"]
    assert is_joined is (between == "plot")
    assert "40 39" not in body(document)


def test_references_are_parsed_and_cited(read: Callable[..., Document]) -> None:
    page = Page()
    page.text(LEFT, 60, "Discussion", size=12, font="bold")
    y = page.lines(LEFT, 80, ONE + "This was shown before [1, 3]. " + TWO, per_line=100)
    page.text(LEFT, y + 20, "References", size=12, font="bold")
    entries = (
        "1. Quill A, Brandt T. Small doses for small children. J Made Up. 2011;4:1-9.",
        "2. Ferro P. A second look. Ann Nowhere. 2015;1:2-3. doi:10.1234/abc.5",
        "3. Osei K, Lund M. What nurses see. Clin Tales. 1999;8:44-51.",
    )
    for number, entry in enumerate(entries):
        page.text(LEFT, y + 40 + 12 * number, entry, size=8)
    document = read(page)
    assert [(r.key, r.year, r.authors[:1]) for r in document.references] == [
        ("1", 2011, ("Quill",)),
        ("2", 2015, ("Ferro",)),
        ("3", 1999, ("Osei",)),
    ]
    assert document.references[1].doi == "10.1234/abc.5"
    passage = parts(document, Part.BODY)[0]
    assert "shown before. In the second" in passage.text
    assert [mark.keys for mark in passage.citations] == [("1", "3")]
    assert document.doi is None  # a DOI out of the reference list is not the paper's own


def test_a_page_of_sideways_text_is_read_and_boxed_where_it_stands(read: Callable[..., Document]) -> None:
    page = Page()
    x = 100.0
    for line in (ONE + TWO + THREE).split(". "):
        page.turned(x, 800, line, size=10)
        x += 12
    document = read(page)
    (text,) = {passage.text for passage in document.passages if "kidney biopsies" in passage.text}
    assert "Proteinuria fell in most of them" in text
    passage = next(p for p in document.passages if p.text == text)
    first, last = passage.boxes[0].box, passage.boxes[-1].box
    assert first.x0 == pytest.approx(92, abs=4) and first.bottom == pytest.approx(800, abs=1)
    assert last.x0 > first.x0


def test_a_scanned_page_among_others_is_told(read: Callable[..., Document]) -> None:
    document = read(two_columns(), Page().picture())
    assert [(note.kind, note.page) for note in document.notes] == [("scanned", 2)]
    assert document.n_pages == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (make_pdf([Page().picture()]), "scanned"),
        (make_pdf([Page()]), "no text"),
        (make_pdf([]), "no pages"),
        (b"GIF89a nothing of the kind", "not a PDF"),
        (make_pdf([Page().text(50, 50, "hello")])[:200], "truncated"),
        (b"%PDF-1.4\nnothing that follows makes sense\n%%EOF\n", "damaged"),
    ],
    ids=["scanned", "blank", "no pages", "other format", "truncated", "damaged"],
)
def test_unreadable_files_say_why_and_what_to_do(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    with pytest.raises(UnreadableSource, match=words) as caught:
        read_pdf(path, name="x.pdf")
    assert caught.value.what_to_do


def test_reading_twice_gives_the_same(read: Callable[..., Document]) -> None:
    assert read(table_page()) == read(table_page())


def test_a_loosely_set_line_stays_one_line(read: Callable[..., Document]) -> None:
    page = Page()
    page.text(LEFT, 60, "Discussion", size=12, font="bold")
    y = page.lines(LEFT, 80, ONE)
    for x, word in ((50, "immunosuppressive"), (145, "treatment"), (200, "of"), (228, "12")):
        page.text(x, y, word)
    page.lines(LEFT, y + 12, TWO)
    page.lines(RIGHT, 80, THREE * 2)
    expected = ONE + "immunosuppressive treatment of 12 " + TWO + THREE * 2
    assert body(read(page)).split() == expected.split()


def test_a_label_at_the_top_of_two_pages_is_no_running_head(read: Callable[..., Document]) -> None:
    pages = []
    for number in (1, 2):
        page = Page()
        page.text(LEFT, 60, f"Table {number}", size=9, font="bold")
        page.text(LEFT, 72, "What was given to whom and for how long", size=9)
        for row, values in enumerate((("Arm", "Dose"), ("First", f"{number}.5"), ("Second", "3.0"), ("Third", "4.0"))):
            for x, value in zip((LEFT, 200), values, strict=True):
                page.text(x, 90 + 12 * row, value, size=8)
        page.text(LEFT, 180, "Results", size=12, font="bold")
        page.lines(LEFT, 200, ONE * 3, per_line=100)
        pages.append(page)
    tables = [passage.table for passage in parts(read(*pages), Part.TABLE)]
    assert [table.label for table in tables if table] == ["Table 1", "Table 2"]


def _word(text: str, font: str, *, raised: bool = False) -> Word:
    word = Word(text, 0, 0, 5, 10, 8, 10, font, False, False, 0, False, 0)
    word.raised = raised
    return word


@pytest.mark.parametrize(
    ("font", "texts", "expected"),
    [
        ("AdvPS586B", ["6", ",", "5"], ["±", "<", "="]),
        ("AdvTT454a7a89", ["b", "N"], ["<", ">"]),
        ("AdvPS7DED", ["a", "b", "6"], ["α", "β", "±"]),
        ("AdvPS586B", ["6", "40", "8"], ["6", "40", "8"]),  # a font with an 8 and a 0 sets numbers
        ("AdvOT7f30b5a9", ["6", "patients", "b"], ["6", "patients", "b"]),
        ("Times-Roman", ["6", ","], ["6", ","]),
    ],
)
def test_signs_of_pi_fonts(font: str, texts: list[str], expected: list[str]) -> None:
    words = [_word(text, font) for text in texts]
    mend_signs([words])
    assert [word.text for word in words] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eﬃcacy", "efficacy"),
        ("D´ecaudin", "Décaudin"),
        ("\uf0b1", "±"),
        ("𝑝", "p"),
        ("µg", "µg"),
        ("½", "½"),
        ("a\u00a0b", "a b"),
    ],
)
def test_odd_characters_are_made_plain(text: str, expected: str) -> None:
    assert clean_word(text) == expected


def test_a_quarter_sign_between_word_and_number_is_an_equals_sign() -> None:
    assert fix_operators("(P ¼ 0.03) and ¼ of them") == "(P = 0.03) and ¼ of them"


def test_a_page_is_drawn_with_its_boxes(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(make_pdf([Page().text(100, 100, "hello there")]))
    plain = Image.open(io.BytesIO(render_page(path, 1, scale=1.0)))
    marked = Image.open(io.BytesIO(render_page(path, 1, [Box(1, 100, 90, 150, 104)], scale=1.0)))
    assert plain.size == marked.size == (595, 842)
    assert plain.getpixel((145, 92)) != marked.getpixel((145, 92))
    assert plain.getpixel((300, 300)) == marked.getpixel((300, 300))
    with pytest.raises(UnreadableSource, match="no page 2"):
        render_page(path, 2)


def test_boxes_of_one_line_are_drawn_as_one() -> None:
    boxes = [Box(1, 10, 10, 20, 20), Box(1, 22, 10, 40, 20), Box(1, 10, 24, 30, 34), Box(2, 31, 24, 40, 34)]
    assert merge_boxes(boxes) == [Box(1, 10, 10, 40, 20), Box(1, 10, 24, 30, 34), Box(2, 31, 24, 40, 34)]


@pytest.mark.parametrize("at_foot", [False, True])
def test_a_reference_list_in_small_print_at_the_foot_is_a_reference_list(
    read: Callable[..., Document], at_foot: bool
) -> None:
    first = two_columns()
    page = Page()
    page.text(LEFT, 60, "Discussion", size=12, font="bold")
    y = page.lines(LEFT, 80, (ONE + TWO) * (8 if at_foot else 2), per_line=100)
    page.text(LEFT, y + 20, "References", size=7, font="bold")
    entries = [f"{number}. Quill A, Brandt T. Study {number}. J Made Up. 2011;4:1-9." for number in range(1, 13)]
    for number, entry in enumerate(entries):
        page.text(LEFT, y + 34 + 9 * number, entry, size=7)
    document = read(first, page)
    assert [reference.key for reference in document.references] == [str(number) for number in range(1, 13)]
    assert "J Made Up" not in body(document)
