"""Pages of a PDF: as pictures, or taken out. pypdfium2 is loaded by the functions."""

from collections.abc import Collection
from io import BytesIO

_POINTS = 72
"""Of an inch."""


def page_png(pdf: bytes, page: int, *, dots_per_inch: int = 150) -> bytes:
    """A page of the PDF, from 0, as a picture."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page].render(scale=dots_per_inch / _POINTS).to_pil()
    finally:
        document.close()
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def without_pages(pdf: bytes, pages: Collection[int], *, of: int) -> bytes:
    """The PDF without these of its pages, from 0, and without what only they show.

    of: how many it has; nothing where it has another number.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    left = pypdfium2.PdfDocument.new()
    try:
        if len(document) != of:
            return b""
        left.import_pages(document, [page for page in range(of) if page not in pages])
        out = BytesIO()
        left.save(out)
    finally:
        left.close()
        document.close()
    return out.getvalue()
