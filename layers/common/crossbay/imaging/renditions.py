"""What is shown of a photo, made from its pixels: nothing else of the file is taken over.

A file comes from anywhere, so it is judged by its content, and by its pixels' number before any is decoded.
EXIF with place and camera, XMP, texts, color profile and whatever hides behind the picture stay behind.
Pillow and libheif come with the first call.
"""

import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from crossbay.domain.photo import PhotoSize, PhotoType
from crossbay.imaging.containers import JPEG_END, JPEG_START, fewer_parts, without_lead

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 50_000_000
"""Phones make 48 megapixels at most where nobody asks for more; a worker of 2 GB decodes that many and no
hundred (benchmarks/results.md)."""

LONG_EDGE = {PhotoSize.FULL: 4032, PhotoSize.LARGE: 1280, PhotoSize.SMALL: 320}
"""Pixels at most. 4032 is that of a 12-megapixel phone, whose pixels stay as they are, and half of 48's."""

_QUALITY = {PhotoSize.FULL: 85, PhotoSize.LARGE: 80, PhotoSize.SMALL: 75}
"""JPEG's, as libjpeg counts."""

_ORIENTATION = 0x0112
"""EXIF's tag."""

_PAPER = (255, 255, 255)
"""What shows through where a picture is transparent."""

_READ_AS = {
    "JPEG": {PhotoType.JPEG},
    "MPO": {PhotoType.JPEG},  # a JPEG with more pictures behind the first
    "PNG": {PhotoType.PNG},
    "WEBP": {PhotoType.WEBP},
    "HEIF": {PhotoType.HEIC, PhotoType.HEIF},
}
"""Pillow's names of formats, and as what each may be announced."""

_WHAT_TO_DO = "Send it once more, from where it was taken, or take it anew."
"""A file that ends too early was mostly cut off on the way, and is whole where it comes from."""

_NOISE = bytes(range(1, 250, 3)) * 4
"""In the place of pixels: no byte of it begins a marker."""

_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, RuntimeError, struct.error, zlib.error)
"""What Pillow, its plugins and libheif raise at files that are broken or made to break them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One size of a picture as a JPEG. width, height: pixels."""

    size: PhotoSize
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """reason: a sentence for whoever sent the file."""

    reason: str


def renditions(content: bytes, announced: PhotoType) -> tuple[Rendition, ...] | Refusal:
    """The picture in every size, the largest first, upright and in sRGB; or why not.

    Of an animation the first picture is taken, of several in a HEIF the one that it names.
    """
    content = without_lead(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they name EXIF's tags, and the picture is shown all the same
        made = _made(content, announced)
        if not isinstance(made, Damage):
            return made
        for fewer in fewer_parts(content):
            again = _made(fewer, announced)
            if not isinstance(again, Damage):
                return again
        return _made_without_end(content, announced) or made


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage(Refusal):
    """The file can't be read; without what isn't its pixels it perhaps can."""


def _made(content: bytes, announced: PhotoType) -> tuple[Rendition, ...] | Refusal:
    try:
        picture = _opened(content)
    except _UNREADABLE:
        return Damage(
            reason=f"The file is no JPEG, PNG, WebP or HEIC picture, or it is damaged. {_WHAT_TO_DO}"
        )
    if picture is None or picture.width * picture.height > MOST_PIXELS:
        return Refusal(reason=f"The picture has more than {MOST_PIXELS // 1_000_000} megapixels.")
    if announced not in _READ_AS[picture.format or ""]:
        return Refusal(reason=f"The file was announced as {announced.value}, but is {_spoken(picture)}.")
    try:
        return _rendered(picture)
    except _UNREADABLE:
        return Damage(
            reason=f"The file is damaged: it ends too early, or its picture can't be read. {_WHAT_TO_DO}"
        )


def _made_without_end(content: bytes, announced: PhotoType) -> tuple[Rendition, ...] | None:
    """The picture of a JPEG of which nothing but the mark of its end is missing; else None.

    A decoder makes up what is missing of the pixels, and says nothing. So the file is completed in two ways:
    where all pixels are there, what follows them changes none.
    """
    if not content.startswith(JPEG_START):
        return None
    whole = content.removesuffix(JPEG_END[:1])
    made = _made(whole + JPEG_END, announced)
    if isinstance(made, Refusal) or made != _made(whole + _NOISE + JPEG_END, announced):
        return None
    return made


def _opened(content: bytes) -> "Image | None":
    """The picture, nothing decoded yet; None for one so large that Pillow takes it for an attack."""
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        return Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP", "HEIF"))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return None


def _spoken(picture: "Image") -> str:
    return {"MPO": "JPEG", "HEIF": "HEIC"}.get(picture.format or "", picture.format or "")


def _rendered(picture: "Image") -> tuple[Rendition, ...]:
    """Each size from the one before, so that the whole picture is gone through once."""
    orientation = _orientation(picture)
    # A JPEG is decoded at half, a quarter or an eighth of its size where that is enough.
    picture.draft(None, _size_within(picture, LONG_EDGE[PhotoSize.FULL]))
    picture.load()
    profile = picture.info.get("icc_profile")
    shown = _upright(_in_srgb(_fitted(_flat(picture), LONG_EDGE[PhotoSize.FULL]), profile), orientation)
    shown.info = {}  # a comment or XMP in it would be written again
    made = []
    for size in (PhotoSize.FULL, PhotoSize.LARGE, PhotoSize.SMALL):
        shown = _fitted(shown, LONG_EDGE[size])
        made.append(_encoded(shown, size))
    return tuple(made)


def _orientation(picture: "Image") -> int:
    """How the camera was held, as EXIF or XMP counts; 1, upright, where neither can be read."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except _UNREADABLE:
        return 1


def _flat(picture: "Image") -> "Image":
    """The picture in a mode that scales well and has color profiles (RGB, L or CMYK), on white paper."""
    from PIL import Image

    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, _PAPER)
        paper.paste(picture, mask=picture.getchannel("A"))
        return paper
    if picture.mode.startswith("I"):  # gray of 16 bits, which Pillow would cut off at 255
        return picture.point(lambda value: value / 256).convert("L")
    return picture if picture.mode in ("RGB", "L", "CMYK") else picture.convert("RGB")


def _fitted(picture: "Image", long_edge: int) -> "Image":
    from PIL.Image import Resampling

    size = _size_within(picture, long_edge)
    if size == picture.size:
        return picture
    return picture.resize(size, Resampling.LANCZOS, reducing_gap=2.0)


def _size_within(picture: "Image", long_edge: int) -> tuple[int, int]:
    """Width and height once no edge is longer than that; never larger than they are."""
    scale = min(1.0, long_edge / max(picture.size))
    return max(1, round(picture.width * scale)), max(1, round(picture.height * scale))


def _in_srgb(picture: "Image", profile: bytes | None) -> "Image":
    """What the profile means, in the colors that every screen knows. One that can't be read means nothing."""
    from PIL import ImageCms

    if profile:
        try:
            meant = ImageCms.ImageCmsProfile(BytesIO(profile))
            shown = ImageCms.profileToProfile(
                picture, meant, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            return shown or picture
        except (ImageCms.PyCMSError, OSError):
            pass
    return picture.convert("RGB")


def _upright(picture: "Image", orientation: int) -> "Image":
    from PIL.Image import Transpose

    turned = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return picture.transpose(turned[orientation]) if orientation in turned else picture


def _encoded(picture: "Image", size: PhotoSize) -> Rendition:
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY[size])
    return Rendition(size=size, width=picture.width, height=picture.height, content=out.getvalue())
