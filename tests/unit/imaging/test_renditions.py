"""What is made of photos as they come: nothing but their pixels, upright, or a sentence that says why not."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from crossbay.domain.photo import PhotoSize, PhotoType
from crossbay.imaging.renditions import LONG_EDGE, Refusal, Rendition, renditions
from tests.helpers import pictures
from tests.helpers.pictures import is_blue, is_red, opened, picture

KINDS: dict[str, tuple[Callable[..., bytes], PhotoType]] = {
    "jpeg": (pictures.jpeg, PhotoType.JPEG),
    "heic": (pictures.heic, PhotoType.HEIC),
    "png": (pictures.png, PhotoType.PNG),
    "webp": (pictures.webp, PhotoType.WEBP),
}
each_kind = pytest.mark.parametrize("kind", KINDS)


def made(content: bytes, announced: PhotoType) -> dict[PhotoSize, Rendition]:
    found = renditions(content, announced)
    assert not isinstance(found, Refusal), found
    return {rendition.size: rendition for rendition in found}


def refusal(content: bytes, announced: PhotoType) -> str:
    found = renditions(content, announced)
    assert isinstance(found, Refusal)
    return found.reason


@pytest.mark.rule("P5")
@each_kind
def test_nothing_of_a_file_is_kept_but_its_pixels(kind: str) -> None:
    make, announced = KINDS[kind]
    content = make()
    assert opened(content).getexif().get_ifd(0x8825)  # it says where it was taken
    assert pictures.SECRET.encode() in content

    shown = made(content, announced)

    assert set(shown) == set(PhotoSize)
    for rendition in shown.values():
        found = set(pictures.segments(rendition.content))
        assert found == set(pictures.PLAIN_JPEG)
        assert not opened(rendition.content).getexif()
        assert pictures.SECRET.encode() not in rendition.content
        left, right = (opened(rendition.content).getpixel((x, 40)) for x in (20, rendition.width - 20))
        assert is_red(left)
        assert is_blue(right)


@pytest.mark.rule("P5")
@pytest.mark.parametrize(
    ("orientation", "turned"),
    [
        (1, None),
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (3, Image.Transpose.ROTATE_180),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        (6, Image.Transpose.ROTATE_270),
        (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_90),
    ],
)
def test_a_photo_stands_upright_however_the_camera_was_held(
    orientation: int, turned: Image.Transpose | None
) -> None:
    image = picture()
    image.paste((20, 220, 20), (0, 0, 60, 40))  # a corner, so that all eight differ
    expected = image if turned is None else image.transpose(turned)

    full = made(pictures.jpeg(image, orientation), PhotoType.JPEG)[PhotoSize.FULL]

    shown = opened(full.content)
    assert shown.size == expected.size
    assert _difference(shown, expected) < 8


def _difference(shown: Image.Image, expected: Image.Image) -> float:
    """Of two pictures, a pixel's color on average, of 255."""
    a, b = shown.convert("RGB").tobytes(), expected.convert("RGB").tobytes()
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a)


@pytest.mark.rule("P5")
def test_a_heic_is_turned_once_by_what_its_container_says() -> None:
    content = pictures.heic(exif=pictures.exif(6))  # libheif writes the turn into the container as well

    full = made(content, PhotoType.HEIC)[PhotoSize.FULL]

    assert (full.width, full.height) == (160, 240)
    assert is_red(opened(full.content).getpixel((80, 20)))


@pytest.mark.rule("P5")
@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((5000, 2000), ((4032, 1613), (1280, 512), (320, 128))),
        ((800, 1000), ((800, 1000), (800, 1000), (256, 320))),
        ((90, 1), ((90, 1), (90, 1), (90, 1))),
        ((6000, 1), ((4032, 1), (1280, 1), (320, 1))),
    ],
)
def test_no_edge_is_longer_than_its_size_allows_and_nothing_is_blown_up(
    size: tuple[int, int], expected: tuple[tuple[int, int], ...]
) -> None:
    shown = made(pictures.jpeg(picture(*size)), PhotoType.JPEG)

    sizes = (PhotoSize.FULL, PhotoSize.LARGE, PhotoSize.SMALL)
    assert tuple((shown[one].width, shown[one].height) for one in sizes) == expected
    assert [opened(shown[one].content).size for one in sizes] == list(expected)
    assert max(max(both) for both in expected) <= LONG_EDGE[PhotoSize.FULL]


@pytest.mark.rule("P5")
@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "RGBA", "LA"])
def test_pictures_of_every_kind_of_pixel_look_as_they_did(mode: str) -> None:
    image = picture(mode=mode)
    as_jpeg = mode == "CMYK"
    content = pictures.jpeg(image, icc_profile=None) if as_jpeg else pictures.png(image)

    full = made(content, PhotoType.JPEG if as_jpeg else PhotoType.PNG)[PhotoSize.FULL]

    if mode != "1":  # scattered black and white
        expected = picture(mode="L") if mode in ("L", "LA") else picture()
        assert _difference(opened(full.content), expected) < 25
    assert opened(full.content).mode == "RGB"


@pytest.mark.rule("P5")
def test_what_is_transparent_is_white() -> None:
    image = Image.new("RGBA", (60, 40), (0, 0, 0, 0))

    full = made(pictures.png(image), PhotoType.PNG)[PhotoSize.FULL]

    assert opened(full.content).getpixel((30, 20)) == (255, 255, 255)


@pytest.mark.rule("P5")
def test_colors_are_those_that_the_profile_means_and_a_broken_profile_means_nothing() -> None:
    strange = pictures.jpeg(icc_profile=pictures.srgb(red_and_green_exchanged=True))
    broken = pictures.jpeg(icc_profile=b"no profile" * 20)

    meant, plain = (made(one, PhotoType.JPEG)[PhotoSize.FULL] for one in (strange, broken))

    red, green, _ = opened(meant.content).getpixel((60, 80))  # type: ignore[misc]
    assert green > 150 > red
    assert is_red(opened(plain.content).getpixel((60, 80)))


@pytest.mark.rule("P5")
@pytest.mark.parametrize("kind", ["webp", "png"])
def test_of_an_animation_the_first_picture_is_taken(kind: str) -> None:
    make, announced = KINDS[kind]
    content = make(picture(), save_all=True, append_images=[picture().rotate(180)], duration=80)
    assert getattr(opened(content), "n_frames", 1) == 2

    full = made(content, announced)[PhotoSize.FULL]

    assert is_red(opened(full.content).getpixel((60, 80)))


@pytest.mark.rule("P5")
@pytest.mark.parametrize(
    ("content", "announced"),
    [
        (pictures.png_bomb(), PhotoType.PNG),
        (pictures.heic_that_claims(12_000, 9_000), PhotoType.HEIC),
        (pictures.png_bomb(20_000), PhotoType.PNG),
    ],
    ids=["100 megapixels", "108 megapixels in a HEIC", "400 megapixels"],
)
def test_too_many_pixels_are_refused_before_one_is_decoded(
    content: bytes, announced: PhotoType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decoded(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)
    assert len(content) < 100_000

    assert refusal(content, announced) == "The picture has more than 50 megapixels."


@pytest.mark.rule("P5")
def test_a_heic_with_more_pixels_than_it_claims_is_refused() -> None:
    assert "damaged" in refusal(pictures.heic_that_claims(24, 16), PhotoType.HEIC)


@pytest.mark.rule("P5")
@pytest.mark.parametrize("make", [pictures.jpeg_and_zip, pictures.jpeg_and_page])
def test_what_hides_beside_a_picture_stays_behind(make: Callable[[], bytes]) -> None:
    content = make()
    assert b"<script>" in content or ZipFile(BytesIO(content)).namelist()

    for rendition in made(content, PhotoType.JPEG).values():
        assert not is_zipfile(BytesIO(rendition.content))
        assert b"<script>" not in rendition.content
        assert pictures.SECRET.encode() not in rendition.content


@pytest.mark.rule("P5")
@pytest.mark.parametrize(
    ("content", "announced", "said"),
    [
        (pictures.png(), PhotoType.JPEG, "The file was announced as image/jpeg, but is PNG."),
        (pictures.jpeg(), PhotoType.HEIC, "The file was announced as image/heic, but is JPEG."),
        (pictures.heic(), PhotoType.WEBP, "The file was announced as image/webp, but is HEIC."),
    ],
)
def test_a_file_of_another_type_than_announced_is_refused(
    content: bytes, announced: PhotoType, said: str
) -> None:
    assert refusal(content, announced) == said


@pytest.mark.rule("P5")
def test_heif_is_another_name_of_heic() -> None:
    assert made(pictures.heic(), PhotoType.HEIF)


@pytest.mark.rule("P5")
@pytest.mark.parametrize(
    "content",
    [pictures.gif(), b"", b"PK\x03\x04", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff"],
    ids=["animated GIF", "nothing", "zip", "svg", "a beginning"],
)
@each_kind
def test_what_is_no_photo_is_refused_whatever_it_is_announced_as(kind: str, content: bytes) -> None:
    assert refusal(content, KINDS[kind][1]).startswith("The file is no JPEG, PNG, WebP or HEIC picture")


@pytest.mark.rule("P5")
@each_kind
def test_a_file_that_ends_too_early_is_refused(kind: str) -> None:
    make, announced = KINDS[kind]
    noise = Image.effect_noise((240, 160), 90).convert("RGB")
    content = make(noise)

    for share in (0.4, 0.7, 0.9):
        assert "damaged" in refusal(content[: int(len(content) * share)], announced)


@pytest.mark.rule("P5")
@each_kind
def test_a_file_with_broken_bytes_anywhere_is_shown_or_refused_and_nothing_else_happens(kind: str) -> None:
    make, announced = KINDS[kind]
    content = make(picture(64, 48))

    for at in range(0, min(len(content), 900), 13):
        for value in (0x00, 0xFF, content[at] ^ 0x10):
            found = renditions(content[:at] + bytes([value]) + content[at + 1 :], announced)
            assert isinstance(found, (tuple, Refusal))


@pytest.mark.rule("P5")
def test_gray_of_sixteen_bits_keeps_its_shades() -> None:
    ramp = Image.new("I;16", (256, 64))
    ramp.putdata([column * 256 for _ in range(64) for column in range(256)])
    content = BytesIO()
    ramp.save(content, "PNG")

    shown = opened(made(content.getvalue(), PhotoType.PNG)[PhotoSize.FULL].content).convert("L")

    for column in (8, 64, 128, 200, 250):
        shade = shown.getpixel((column, 32))
        assert isinstance(shade, int)
        assert abs(shade - column) <= 3


def broken(kind: bytes, content: bytes, length: int = 4) -> bytes:
    """The PNG with bytes of that chunk turned round, so that its check sum and its content are wrong."""
    at = content.index(kind) + 4
    return content[:at] + bytes(byte ^ 0x5A for byte in content[at : at + length]) + content[at + length :]


def huge_texts() -> bytes:
    texts = PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", "<x/>" * 800_000, zip=True)
    return pictures.png(pnginfo=texts)


def with_segment(content: bytes, marker: int, body: bytes) -> bytes:
    """The JPEG with a segment more behind its start."""
    return content[:2] + bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body + content[2:]


@pytest.mark.rule("P5")
@pytest.mark.parametrize(
    ("content", "announced"),
    [
        (huge_texts(), PhotoType.PNG),
        (broken(b"tEXt", pictures.png()), PhotoType.PNG),
        (broken(b"zTXt", pictures.png(), 12), PhotoType.PNG),
        (broken(b"eXIf", pictures.png()), PhotoType.PNG),
        (broken(b"iCCP", pictures.png(icc_profile=pictures.srgb()), 30), PhotoType.PNG),
        (pictures.png()[:-12], PhotoType.PNG),
        (pictures.png()[:-5], PhotoType.PNG),
        (pictures.jpeg()[:-2], PhotoType.JPEG),
        (pictures.jpeg()[:-1], PhotoType.JPEG),
        (pictures.jpeg(progressive=True)[:-2], PhotoType.JPEG),
        (with_segment(pictures.jpeg(), 0xED, b"Photoshop 3.0\0" + b"8BIM\xff\xff" * 9), PhotoType.JPEG),
        (with_segment(pictures.jpeg(), 0xE2, b"MPF\0II*\0\xff\xff\xff\xff"), PhotoType.JPEG),
        (pictures.webp().replace(b"EXIF", b"EX\0F"), PhotoType.WEBP),
        (pictures.webp()[:-20], PhotoType.WEBP),
    ],
)
def test_what_is_no_pixel_never_makes_a_picture_damaged(content: bytes, announced: PhotoType) -> None:
    shown = opened(made(content, announced)[PhotoSize.FULL].content)

    assert shown.size == picture().size
    assert is_red(shown.getpixel((20, 20)))
    assert is_blue(shown.getpixel((220, 140)))


@pytest.mark.rule("P5")
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("missing", [12, 20, 40, 400])
def test_a_jpeg_without_its_last_pixels_is_damaged(progressive: bool, missing: int) -> None:
    noise = Image.effect_noise((240, 160), 90).convert("RGB")
    content = pictures.jpeg(noise, progressive=progressive)

    told = refusal(content[:-missing], PhotoType.JPEG)
    assert "damaged" in told
    assert "Send it once more" in told


@pytest.mark.rule("P5")
@pytest.mark.parametrize(
    "lead",
    [
        b"\0\0",
        b"\0",
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\n",
        b"\xef\xbb\xbf\r\n",
        b"\xff\xfe",
        b"\xfe\xff",
        b" \0" * 8,
    ],
)
@each_kind
def test_what_stands_before_a_pictures_start_is_passed_over(kind: str, lead: bytes) -> None:
    make, announced = KINDS[kind]

    assert made(lead + make(), announced) == made(make(), announced)


@pytest.mark.rule("P5")
@pytest.mark.parametrize("lead", [b"GIF89a", b"\0" * 100, b"<!-- ", b"\xff"])
def test_other_bytes_before_a_jpeg_make_it_no_picture(lead: bytes) -> None:
    assert "no JPEG" in refusal(lead + pictures.jpeg(), PhotoType.JPEG)
