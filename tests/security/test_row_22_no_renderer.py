"""Row 22: nothing here turns HTML into PDF or pictures, so nothing can be made to read our files that way."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RENDERERS = {
    "weasyprint", "xhtml2pdf", "pdfkit", "reportlab", "imgkit", "pyppeteer", "playwright", "selenium", "wkhtmltopdf",
    "fpdf", "fpdf2", "pypandoc", "prince", "html2image", "cairosvg", "svglib", "dompdf", "pymupdf", "borb",
}  # fmt: skip


def test_row_22_no_renderer_is_among_what_we_run_on() -> None:
    text = (ROOT / "requirements" / "core.txt").read_text("utf-8")
    shipped = {name.lower() for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    assert len(shipped) > 30
    assert shipped & RENDERERS == set()


def test_row_22_no_renderer_is_started_as_a_program_either() -> None:
    programs = re.compile(
        r"wkhtmlto|soffice|libreoffice|pandoc|chromium|google-chrome|phantomjs|prince|ghostscript|convert\b.*-density"
    )
    found = [
        path.name
        for package in ("gateway", "adapters", "knowledge")
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts and programs.search(path.read_text("utf-8"))
    ]
    assert found == []
