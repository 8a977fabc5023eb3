"""Photos developed, and links to them signed: `python -m benchmarks.photos [--repeats 3]`, JSON out.

Each picture and way in a process of its own: seconds on the clock and of CPU (libheif decodes with several
threads), peak memory, beside that of the process before. `developed` is what the worker does. Its peers:
`plain`, every pixel decoded and each size scaled from the whole picture, and `thumbnail`, the smallest size
alone. Pictures are made here, like those of phones in pixels and bytes.

Links: a page of 25 photos in three sizes, by botocore's signers as the doors do it, and by boto3's client,
each in a fresh process that has loaded a door.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter

from crossbay.aws.s3 import Bucket
from crossbay.domain.photo import PhotoSize, PhotoType
from crossbay.imaging.renditions import LONG_EDGE, Refusal, renditions
from local.doors import door

SIZES = {"3 MP": (2048, 1536), "12 MP": (4032, 3024), "48 MP": (8064, 6048)}
TYPES = {"jpeg": PhotoType.JPEG, "heic": PhotoType.HEIC}
WAYS = ("developed", "plain", "thumbnail")
LINKS = 75


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--make", nargs=2, metavar=("FILE", "SIZE"), help="a picture, in this process")
    parser.add_argument("--alone", nargs=2, metavar=("FILE", "WAY"), help="develop it in this process")
    parser.add_argument("--links", choices=("botocore", "boto3"), help="sign in this process")
    asked = parser.parse_args()
    if asked.make:
        file = Path(asked.make[0])
        print(json.dumps({"bytes": file.write_bytes(_encoded(_picture(*SIZES[asked.make[1]]), _kind(file)))}))
    elif asked.alone:
        print(json.dumps(developing(Path(asked.alone[0]), asked.alone[1])))
    elif asked.links:
        print(json.dumps(signing(asked.links)))
    else:
        report = {"photos": photos(asked.repeats), "links": links(asked.repeats)}
        print(json.dumps(report, indent=2))


def photos(repeats: int) -> list[dict[str, Any]]:
    """Nothing large is done in this process: those it starts count its peak as theirs."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name in SIZES:
            for kind in TYPES:
                file = Path(folder, f"{name}.{kind}")
                made = _in_a_process_of_its_own("--make", str(file), name)
                about = {"picture": name, "type": kind, "file_mb": round(made["bytes"] / 1e6, 1)}
                rows += [about | {"way": way} | _median(repeats, "--alone", str(file), way) for way in WAYS]
    return rows


def links(repeats: int) -> dict[str, dict[str, float]]:
    return {way: _median(repeats, "--links", way) for way in ("botocore", "boto3")}


def developing(file: Path, way: str) -> dict[str, float]:
    """Of one picture in this process, which has loaded what it takes."""
    kind, content = TYPES[_kind(file)], file.read_bytes()
    renditions(_encoded(_picture(64, 48), _kind(file)), kind)
    before_mb = _peak_mb()
    started, started_cpu = time.perf_counter(), time.process_time()
    match way:
        case "developed":
            assert not isinstance(renditions(content, kind), Refusal)
        case "plain":
            _plainly(content)
        case "thumbnail":
            _encoded(_thumbnail(content), "jpeg")
    return {
        "s": round(time.perf_counter() - started, 3),
        "cpu_s": round(time.process_time() - started_cpu, 3),
        "peak_mb": _peak_mb(),
        "peak_mb_before": before_mb,
    }


def _plainly(content: bytes) -> None:
    """As a first draft would: the whole picture in RGB, and each size from it."""
    whole = Image.open(BytesIO(content)).convert("RGB")
    for size in PhotoSize:
        scale = min(1.0, LONG_EDGE[size] / max(whole.size))
        smaller = (round(whole.width * scale), round(whole.height * scale))
        _encoded(whole.resize(smaller, Image.Resampling.LANCZOS), "jpeg")


def _thumbnail(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.thumbnail((LONG_EDGE[PhotoSize.SMALL], LONG_EDGE[PhotoSize.SMALL]))
    return image


def signing(way: str) -> dict[str, float]:
    """Seconds until the first link, on the clock and of CPU, and of CPU for a page of them then."""
    door("functions/photos")
    started, started_cpu = time.perf_counter(), time.process_time()
    sign = _sign_by_boto3() if way == "boto3" else _sign
    sign("photos/o/s/c/p/0-small.jpg")
    first, first_cpu = time.perf_counter(), time.process_time()
    for number in range(LINKS):
        sign(f"photos/o/s/c/p/{number}-small.jpg")
    return {
        "first_link_s": round(first - started, 3),
        "first_link_cpu_s": round(first_cpu - started_cpu, 3),
        "page_cpu_s": round(time.process_time() - first_cpu, 3),
    }


def _sign(key: str) -> str:
    return Bucket("crossbay-files").link(key, lasts_s=900)


def _sign_by_boto3() -> Any:
    import boto3
    from botocore.config import Config

    client = boto3.client("s3", config=Config(signature_version="s3v4"))

    def sign(key: str) -> str:
        named = {"Bucket": "crossbay-files", "Key": key}
        return str(client.generate_presigned_url("get_object", Params=named, ExpiresIn=900))

    return sign


def _median(repeats: int, *arguments: str) -> dict[str, float]:
    """Of each figure, over processes that do this one thing."""
    runs = [_in_a_process_of_its_own(*arguments) for _ in range(repeats)]
    return {name: round(statistics.median(run[name] for run in runs), 3) for name in runs[0]}


def _in_a_process_of_its_own(*arguments: str) -> dict[str, float]:
    environment = {
        "PATH": "/usr/bin:/bin",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "benchmarks.photos", *arguments]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def _picture(width: int, height: int) -> Image.Image:
    """Soft shapes with a sensor's noise on them."""
    shapes = Image.effect_noise((max(2, width // 64), max(2, height // 64)), 120).resize((width, height))
    grain = Image.effect_noise((width, height), 25).filter(ImageFilter.GaussianBlur(0.6))
    return Image.merge("RGB", (shapes, Image.blend(shapes, grain, 0.3), grain))


def _kind(file: Path) -> str:
    return file.suffix.removeprefix(".")


def _encoded(image: Image.Image, kind: str) -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    out = BytesIO()
    if kind == "heic":
        image.save(out, "HEIF", quality=55)
    else:
        image.convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
