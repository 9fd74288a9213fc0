"""Official letters as DOCX, in the habits of GB/T 9704: A4, its margins, its fonts by name, red head and red line.

There is no template for words to be merged into: each becomes a run of text, so nothing that people typed is an
instruction. Fonts that a machine does not have are replaced by Word with its own; their names stay in the file.
"""

import io

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from petitions.papers.letters import Letter

TITLE, BODY, HEADING, SUB_HEADING = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
RED = RGBColor(0xD9, 0x00, 0x00)
SIZE = Pt(16)  # 三号
NONE = Pt(0)
LINE = Pt(28)  # 每页二十二行
ON_ONE_LINE = 13  # characters of the red head; longer ones break before the kind of paper
# GB/T 9704: 天头 37 mm，订口 28 mm，版心 156 × 225 mm
TOP, LEFT, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)


def docx_of(letter: Letter) -> io.BytesIO:
    document = Document()
    _page(document)
    _head(document, letter)
    _body(document, letter)
    _foot(document, letter)
    if letter.slip:
        _slip(document, letter)
    document.core_properties.title = letter.title
    document.core_properties.author = letter.issuer
    document.core_properties.comments = ""
    file = io.BytesIO()
    document.save(file)
    file.seek(0)
    return file


def _page(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.footer_distance = Mm(28)
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, SIZE
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(footer, "— ", size=Pt(14), font="宋体")
    _field(footer, "PAGE")
    _write(footer, " —", size=Pt(14), font="宋体")


def _head(document: Docx, letter: Letter) -> None:
    """份号、紧急程度；发文机关标志；发文字号与签发人；红线。"""
    for words in (letter.copy_number, letter.urgency):
        if words:
            _write(_line(document, indent=False), words, font=HEADING)
    mark = _line(document, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, space=Pt(28), exact=False)
    _write(mark, letter.issuer, font=TITLE, size=Pt(32), colour=RED)
    if len(letter.issuer + letter.kind) > ON_ONE_LINE:
        mark.add_run().add_break()
    _write(mark, letter.kind, font=TITLE, size=Pt(32), colour=RED)
    number = _line(document, indent=False)
    if letter.signer:
        number.paragraph_format.tab_stops.add_tab_stop(Mm(110))
        _write(number, f"　{letter.number}\t签发人：")
        _write(number, letter.signer, font=SUB_HEADING)
    else:
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(number, letter.number)
    _rule(number, colour="D90000", size=18)


def _body(document: Docx, letter: Letter) -> None:
    title = _line(document, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, space=Pt(28), exact=False)
    _write(title, letter.title, font=TITLE, size=Pt(22))
    if letter.addressee:
        _write(_line(document, indent=False), f"{letter.addressee}：")
    for part in letter.parts:
        _write(_line(document), part.heading, font=HEADING)
        for line in part.lines:
            _write(_line(document), line)
    if letter.note:
        _write(_line(document), letter.note)


def _foot(document: Docx, letter: Letter) -> None:
    """发文机关署名、成文日期和印章的位置；版记。"""
    _line(document)
    for words in (letter.issuer, f"{letter.on}　　"):
        _write(_line(document, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False), words)
    if letter.sealed:
        _write(_line(document, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False), "（印章）　　　", font=SUB_HEADING)
    if letter.copies_to:
        copies = _line(document, indent=False)
        _write(copies, f"　抄送：{letter.copies_to}。", size=Pt(14))
        _rule(copies, size=6, above=True)
    issued = _line(document, indent=False)
    issued.paragraph_format.tab_stops.add_tab_stop(Mm(100))
    _write(issued, f"　{letter.issuer}\t{letter.on}印发", size=Pt(14))
    _rule(issued, size=6, above=True)
    _rule(issued, size=6)


def _slip(document: Docx, letter: Letter) -> None:
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    title = _line(document, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, exact=False)
    _write(title, f"{letter.kind}回执（{letter.number}）", font=TITLE, size=Pt(22))
    table = document.add_table(rows=0, cols=2)
    table.style, table.alignment = document.styles["Table Grid"], WD_TABLE_ALIGNMENT.CENTER
    for label, words in (("主送单位", letter.addressee), *letter.slip):
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(4.2), Cm(11.4)
        _write(cells[0].paragraphs[0], label, font=HEADING, size=Pt(14))
        for n, line in enumerate(words.split("\n")):
            _write(cells[1].paragraphs[0] if n == 0 else cells[1].add_paragraph(), line, size=Pt(14))


def _line(
    document: Docx,
    *,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    indent: bool = True,
    space: Length = NONE,
    exact: bool = True,
) -> Paragraph:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    paragraph.alignment, form.space_before, form.space_after = align, space, space
    if exact:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if indent:
        form.first_line_indent = SIZE * 2
    return paragraph


def _write(
    paragraph: Paragraph, words: str, *, font: str = BODY, size: Length = SIZE, colour: RGBColor | None = None
) -> None:
    run = paragraph.add_run(words)
    run.font.name, run.font.size = font, size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour


def _rule(paragraph: Paragraph, *, colour: str = "000000", size: int, above: bool = False) -> None:
    """A line across the page above or beneath a paragraph; `size` in eighths of a point."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.append(borders)
    line = OxmlElement("w:top" if above else "w:bottom")
    for name, value in (("val", "single"), ("sz", str(size)), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)


def _field(paragraph: Paragraph, code: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(14)
    for kind, words in (("begin", ""), ("", code), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._r.append(element)
