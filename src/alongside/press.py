"""One HTML document as a tagged PDF, by WeasyPrint; knows nothing of the course, and asks no other machine for anything."""

from __future__ import annotations

import gc
import io
import logging
from importlib.resources import files
from importlib.util import find_spec

from .errors import AlongsideError

FACE = "font_source_sans_pro"  # a package, so that the same letters fall on the same pages everywhere
CUTS = {"Regular": ("normal", 400), "Semibold": ("normal", 600), "It": ("italic", 400), "SemiboldIt": ("italic", 600)}


class PressError(AlongsideError):
    """The PDF could not be made; says what is missing or wrong."""


def pdf(html: str, style: str) -> bytes:
    """The document as PDF/UA with bookmarks and embedded fonts, the same bytes every time; a warning is an error."""
    if not (find_spec("weasyprint") and find_spec(FACE)):
        raise PressError("WeasyPrint and its typeface are not installed here. Type: pip install -r requirements.txt")
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as why:
        raise PressError(
            f"The PDF cannot be made: WeasyPrint needs the system's library Pango, which is not on this machine ({why}).\n"
            "On Debian and Ubuntu type: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0\n"
            "On macOS type: brew install pango"
        ) from None
    warned = _Warnings(logging.WARNING)
    logger = logging.getLogger("weasyprint")
    before = logger.propagate
    logger.addHandler(warned)
    logger.propagate = False
    gc.disable()  # as in build.py: a seventh of the time, for 80 MB
    try:
        fonts = FontConfiguration()
        fetcher = URLFetcher(allowed_protocols=("file", "data"))
        look = CSS(string=_faces() + style, font_config=fonts, url_fetcher=fetcher)
        out = io.BytesIO()
        HTML(string=html, url_fetcher=fetcher).write_pdf(out, stylesheets=[look], font_config=fonts, pdf_variant="pdf/ua-1")
    finally:
        gc.enable()
        logger.removeHandler(warned)
        logger.propagate = before
    if warned.said:
        raise PressError("The PDF was not made. WeasyPrint says:\n" + "\n".join(dict.fromkeys(warned.said)))
    return out.getvalue()


def _faces() -> str:
    folder = files(FACE) / "files"
    return "".join(
        f'@font-face {{ font-family: "Course Sans"; font-style: {slant}; font-weight: {weight};'
        f' src: url("file://{folder / f"SourceSansPro-{cut}.ttf"}") }}\n'
        for cut, (slant, weight) in CUTS.items()
    )


class _Warnings(logging.Handler):
    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())
