"""A week's page as exactly one A4 page; what is too long for it is shortened, and says by how much."""

from bisect import bisect_left
from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, PageTemplate, Spacer, Table
from reportlab.platypus.doctemplate import BaseDocTemplate

from tracker.report.week_fonts import BOLD, REPLACEMENT, Lettering, register_fonts
from tracker.report.week_parts import Figure, Page, Part
from tracker.report.week_pdf_tables import (
    RULE,
    SMALL_PT,
    SOFT,
    TEXT,
    paragraph,
    part_flowables,
)
from tracker.report.week_sections import SIMULATED
from tracker.report.week_shortened import LIMITS, Limits, short_text, shortened

_MARGIN_PT = 12.0 * float(mm)
_FOOT_PT = 26.0
_WIDTH_PT = float(A4[0]) - 2.0 * _MARGIN_PT
_HEIGHT_PT = float(A4[1]) - 2.0 * _MARGIN_PT - _FOOT_PT
_BETWEEN_PT, _COLUMN_GAP_PT = 5.0, 14.0
_TITLE_CHARS = 160
_WEEK_ROWS = ("sessions", "valid", "told by hand")
_FITS = (
    *((scale, LIMITS[0]) for scale in (1.25, 1.15, 1.08)),
    *((1.0, limits) for limits in LIMITS[:3]),
    *((0.95, limits) for limits in LIMITS[2:]),
)
"""Scales and limits, in the order in which they are tried: a page with little on it has larger letters."""

_TITLE = ParagraphStyle("title", TEXT, fontName=BOLD, fontSize=12.5, leading=15.5)
_SUBTITLE = ParagraphStyle("subtitle", TEXT, textColor=SOFT)
_BANNER = ParagraphStyle("banner", TEXT, fontName=BOLD, fontSize=9.0, leading=12.0, alignment=TA_CENTER)
_FIGURE = ParagraphStyle("figure", TEXT, fontName=BOLD, fontSize=13.0, leading=15.5)
_NAME = ParagraphStyle("name", TEXT, fontSize=SMALL_PT, leading=7.6)
_FOOT = ParagraphStyle("foot", TEXT, fontSize=SMALL_PT, leading=7.6, textColor=SOFT)


def week_pdf(page: Page) -> bytes:
    """The page as a file of one A4 page, with its fonts in it."""
    register_fonts()
    sheets = [_Sheet(page, limits, scale) for scale, limits in _FITS]
    # The further down, the less there is to show: the first that fits is found by halving.
    first = bisect_left(sheets[:-1], True, key=_Sheet.fits)
    return sheets[first].file()


@dataclass(slots=True)
class _Sheet:
    """The page within some limits."""

    page: Page
    limits: Limits
    scale: float = 1.0
    lettering: Lettering = field(default_factory=Lettering)

    def flowables(self) -> list[Flowable]:
        """All of the page from top to bottom."""
        page = self.page
        self.lettering = Lettering()
        found: list[Flowable] = [*self._head(), self._figures(), Spacer(0, _BETWEEN_PT)]
        for part in (page.resting, page.done, page.movements, page.bands):
            found += [*self._part(part, self.width_pt), Spacer(0, _BETWEEN_PT)]
        for left, right in ((page.felt, page.habits), (page.plan, page.said)):
            found += [self._beside(left, right), Spacer(0, _BETWEEN_PT)]
        found += [*self._weeks(page.weeks), Spacer(0, _BETWEEN_PT)]
        return [*found, *self._part(page.method, self.width_pt)]

    @property
    def width_pt(self) -> float:
        """Of the text, before it is scaled."""
        return _WIDTH_PT / self.scale

    @property
    def height_pt(self) -> float:
        """Of the text at most, before it is scaled."""
        return _HEIGHT_PT / self.scale

    def fits(self) -> bool:
        """All of it has room on the page."""
        heights = (float(one.wrap(self.width_pt, 100.0 * _HEIGHT_PT)[1]) for one in self.flowables())
        return sum(heights) <= self.height_pt

    def file(self) -> bytes:
        """The finished file."""
        out = BytesIO()
        document = BaseDocTemplate(
            out,
            pagesize=A4,
            title=self.page.title,
            author="hip rotation tracker",
            subject=self.page.subtitle,
            creator="hip rotation tracker",
            lang="en",
            allowSplitting=0,
        )
        # A frame that is a little taller than what was measured: rounding must not begin a second page.
        frame = Frame(
            _MARGIN_PT / self.scale,
            (_MARGIN_PT + _FOOT_PT) / self.scale - 2.0,
            self.width_pt,
            self.height_pt + 2.0,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        flowables = self.flowables()
        document.addPageTemplates(PageTemplate(frames=[frame], onPage=self._under, onPageEnd=self._foot))
        document.build(flowables)
        return out.getvalue()

    def _head(self) -> list[Flowable]:
        head: list[Flowable] = []
        if self.page.simulated:
            banner = Table([[paragraph(SIMULATED, _BANNER, self.lettering)]], colWidths=[self.width_pt])
            banner.setStyle(
                [
                    ("BOX", (0, 0), (-1, -1), 1.0, colors.black),
                    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
                ]
            )
            head += [banner, Spacer(0, 3.0)]
        title = short_text(self.page.title, _TITLE_CHARS)
        head.append(paragraph(title, _TITLE, self.lettering))
        subtitle = short_text(self.page.subtitle, _TITLE_CHARS)
        return [*head, paragraph(subtitle, _SUBTITLE, self.lettering), Spacer(0, 4.0)]

    def _figures(self) -> Table:
        cells = [self._figure(one) for one in self.page.figures]
        table = Table([cells], colWidths=[self.width_pt / len(cells)] * len(cells))
        table.setStyle(
            [
                ("LINEABOVE", (0, 0), (-1, -1), 0.6, RULE),
                ("LINEBELOW", (0, 0), (-1, -1), 0.6, RULE),
                ("LINEBEFORE", (1, 0), (-1, -1), 0.3, RULE),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
        return table

    def _figure(self, one: Figure) -> list[Flowable]:
        return [
            paragraph(one.value, _FIGURE, self.lettering),
            paragraph(one.name, _NAME, self.lettering),
            paragraph(one.detail or " ", _FOOT, self.lettering),
        ]

    def _part(self, part: Part, width_pt: float) -> list[Flowable]:
        return part_flowables(shortened(part, self.limits), width_pt, self.lettering)

    def _beside(self, left: Part, right: Part) -> Table:
        width_pt = 0.5 * (self.width_pt - _COLUMN_GAP_PT)
        table = Table(
            [[self._part(left, width_pt), "", self._part(right, width_pt)]],
            colWidths=[width_pt, _COLUMN_GAP_PT, width_pt],
        )
        table.setStyle(
            [
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
        return table

    def _weeks(self, weeks: Part) -> list[Flowable]:
        """The weeks side by side: twelve columns need less room than twelve rows."""
        names = [str(row[0]).partition("-")[2].partition(" ")[0] for row in weeks.rows]
        places = [weeks.columns.index(name) for name in _WEEK_ROWS]
        rows = tuple((weeks.columns[place], *(row[place] for row in weeks.rows)) for place in places)
        side_by_side = Part(title=weeks.title, columns=("", *names), rows=rows, lines=weeks.lines)
        return part_flowables(side_by_side, self.width_pt, self.lettering)

    def _under(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        """What lies under all else: a simulated page cannot be taken for a person's, also where it is cut."""
        if self.page.simulated:
            self._mark(canvas)
        canvas.saveState()
        canvas.scale(self.scale, self.scale)

    @staticmethod
    def _mark(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFont(BOLD, 84)
        canvas.setFillGray(0.93)
        canvas.translate(0.5 * A4[0], 0.46 * A4[1])
        canvas.rotate(52)
        canvas.drawCentredString(0, 0, "SIMULATED")
        canvas.restoreState()

    def _foot(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.restoreState()
        texts = [self.page.footer]
        if replaced := self.lettering.replaced:
            texts.append(
                f"{replaced} signs are not in this page's font: "
                f"they stand without their accent or as {REPLACEMENT}."
            )
        y = _MARGIN_PT + _FOOT_PT - 6.0
        canvas.saveState()
        canvas.setStrokeColor(RULE)
        canvas.line(_MARGIN_PT, y, _MARGIN_PT + _WIDTH_PT, y)
        canvas.restoreState()
        for text in texts:
            line = paragraph(text, _FOOT, self.lettering)
            _, height = line.wrap(_WIDTH_PT, _FOOT_PT)
            y -= height + 1.0
            line.drawOn(canvas, _MARGIN_PT, y)
