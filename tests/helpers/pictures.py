"""Photos as phones and villains make them: with a place, a name and texts inside, broken, huge, two-faced.

The picture is red on its left half and blue on its right, so that a test sees how it is turned.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pillow_heif
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

RED, BLUE = (220, 20, 20), (20, 20, 220)
SECRET = "Zyxcanary"
"""Stands in every text that a file carries; `PLACE` is where it was taken."""
PLACE = (47.0, 36.0, 35.25)
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><creator>{SECRET}</creator></x:xmpmeta>'.encode()
PLAIN_JPEG = (0xE0, 0xDB, 0xC0, 0xC4, 0xDA)
"""What a JPEG needs to be one: JFIF, quantization, frame, Huffman tables, scan."""


def picture(width: int = 240, height: int = 160, mode: str = "RGB") -> Image.Image:
    made = Image.new("RGB", (width, height), RED)
    made.paste(BLUE, (width // 2, 0, width, height))
    return made.convert(mode)


def exif(orientation: int = 1) -> bytes:
    """Of a camera that knows where it is and whose it is."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x013B] = SECRET  # artist
    tags[0x010F] = f"{SECRET} Cameras"  # make
    gps = tags.get_ifd(0x8825)
    gps.update({1: "N", 2: PLACE, 3: "W", 4: (122.0, 19.0, 59.5)})
    return tags.tobytes()


def jpeg(image: Image.Image | None = None, orientation: int = 1, **more: Any) -> bytes:
    return _saved(
        image or picture(),
        "JPEG",
        **{"exif": exif(orientation), "xmp": XMP, "comment": SECRET, "icc_profile": srgb()} | more,
    )


def heic(image: Image.Image | None = None, **more: Any) -> bytes:
    pillow_heif.register_heif_opener()
    return _saved(image or picture(), "HEIF", **{"exif": exif(), "xmp": XMP} | more)


def png(image: Image.Image | None = None, **more: Any) -> bytes:
    texts = PngInfo()
    texts.add_text("Author", SECRET)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    texts.add_text("Comment", SECRET, zip=True)
    return _saved(image or picture(), "PNG", **{"pnginfo": texts, "exif": exif()} | more)


def webp(image: Image.Image | None = None, **more: Any) -> bytes:
    return _saved(image or picture(), "WEBP", **{"exif": exif(), "xmp": XMP, "quality": 90} | more)


def gif() -> bytes:
    return _saved(picture(), "GIF", save_all=True, append_images=[picture().rotate(180)])


def srgb(*, red_and_green_exchanged: bool = False) -> bytes:
    """The color profile of every screen; or one in which red means green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if not red_and_green_exchanged:
        return profile
    table_end = 132 + 12 * int.from_bytes(profile[128:132], "big")
    table = profile[:table_end].replace(b"rXYZ", b"\x00XYZ").replace(b"gXYZ", b"rXYZ")
    return table.replace(b"\x00XYZ", b"gXYZ") + profile[table_end:]


def png_bomb(side: int = 10_000) -> bytes:
    """A white square of so many pixels a side, in some kilobytes."""
    rows = zlib.compress((b"\x00" + b"\xff" * (side // 8)) * side, 9)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(*one) for one in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    )


def heic_that_claims(width: int, height: int) -> bytes:
    """A HEIC of another size than it says."""
    content = heic()
    at = content.index(b"ispe") + 8
    return content[:at] + struct.pack(">II", width, height) + content[at + 8 :]


def jpeg_and_zip() -> bytes:
    """A picture to whom it pleases, an archive to others."""
    archive = BytesIO()
    with ZipFile(archive, "w") as zipped:
        zipped.writestr(f"{SECRET}.html", f"<script>alert('{SECRET}')</script>")
    return jpeg() + archive.getvalue()


def jpeg_and_page() -> bytes:
    return jpeg(comment=f"<html><script>alert('{SECRET}')</script></html>")


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def segments(content: bytes) -> Iterator[int]:
    """The second bytes of a JPEG's markers, from its start to its scan. Fails for anything behind its end."""
    assert content[:2] == b"\xff\xd8"
    at = 2
    while True:
        assert content[at] == 0xFF
        marker = content[at + 1]
        yield marker
        if marker == 0xDA:
            assert content.index(b"\xff\xd9", at) == len(content) - 2
            return
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")


def is_red(color: Any) -> bool:
    return bool(color[0] > 180 and color[1] < 80 and color[2] < 80)


def is_blue(color: Any) -> bool:
    return bool(color[2] > 180 and color[0] < 80 and color[1] < 80)


def _saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
