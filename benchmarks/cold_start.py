"""What a Lambda costs before its first request, by door: `python -m benchmarks.cold_start`, JSON out.

SAM builds everything for both architectures, as for a deployment, and the build for this machine is what
runs: the layer with its bytecode and one function on the path, nothing else, in a fresh interpreter each
time. Measured is CPU time since the interpreter began, at three points: the entry module loaded and its table
client made; then one request answered (a 401, which builds the route's validators and reads nothing); then
PynamoDB loaded, as a first write does. Beside it stands `import boto3; boto3.client("dynamodb")` at the first
point: boto3 as published, with bytecode, and again as the layer has it, without the services that nobody
calls. All of them take turns, run by run, and each figure is a median: the machine may be shared.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.door_event import get_event
from local.deploy import ARCHITECTURE, REGION, VERSION, build
from local.emulator import ROOT
from local.template import functions, routes, template

RUNTIME = "3.13"
"""What the template deploys; where this machine lacks it, the Python at hand is built for and run."""

PLATFORMS = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}

BOTO3 = 'import boto3; boto3.client("dynamodb")'
PUBLISHED = "Published"
"""The folder where boto3 lies as published."""

PLAIN = f"""{BOTO3}
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
APIGatewayRestResolver(enable_validation=True)
import rapidfuzz"""
"""The libraries that a search door is made of, loaded plainly."""

_LOAD = """
import {module} as entry
made = getattr(entry, "door", None) or getattr(entry, "worker", None)
getattr(made, "reads", None)
"""
_ANSWER = "entry.lambda_handler({event!r}, None)"
_WRITE = "import crossbay.store.table"
_SAMPLES = {"{kind}": "jobs", "{proxy+}": "shops"}

_CHILD = """
import sys, time
loaded, more = {loaded!r}, {more!r}
here = {{}}
exec(loaded, here)
seconds = [time.process_time()]
modules = list(sys.modules)
for step in more:
    exec(step, here)
    seconds.append(time.process_time())
import json
names = {{name.partition(".")[0] for name in modules}}
specs = {{name: getattr(sys.modules[name], "__spec__", None) for name in names}}
of_layer = [name for name, spec in specs.items() if "/CommonLayer/" in str(getattr(spec, "origin", ""))]
print(json.dumps({{"seconds": seconds, "packages": sorted(of_layer), "modules": len(modules)}}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a fresh interpreter loads (Python source), and what it does then, measured step by step."""

    name: str
    folder: str
    loaded: str
    more: tuple[str, ...] = ()


def subjects() -> list[Subject]:
    """The peers, then every function of the template."""
    found = [
        Subject(name="boto3", folder=PUBLISHED, loaded=BOTO3),
        Subject(name="boto3 of the layer", folder="", loaded=BOTO3),
        Subject(name="plain", folder="", loaded=PLAIN),
    ]
    for name, properties in functions().items():
        module = properties.get("Handler", "handler.lambda_handler").partition(".")[0]
        found.append(
            Subject(
                name=name.removesuffix("Function"),
                folder=name,
                loaded=_LOAD.format(module=module),
                more=(*_answer(name), *([_WRITE] if _writes(properties) else [])),
            )
        )
    return found


def _answer(function: str) -> list[str]:
    """One request to the function's first route that reads, without a member behind it."""
    route = next((route for route in routes() if route.function == function and route.method == "GET"), None)
    if route is None:
        return []
    path = route.path
    for part in path.split("/"):
        path = path.replace(part, _SAMPLES.get(part, "1")) if part.startswith("{") else path
    event = get_event(route.path, path, {"text": "Smith", "day": "2026-11-22"})
    return [_ANSWER.format(event=event)]


def _writes(properties: dict[str, Any]) -> bool:
    return {"Ref": "WriteData"} in properties.get("Policies", [])


def environment_of(subject: Subject, built: Path) -> dict[str, str]:
    """The path as Lambda sets it, and the settings of every function."""
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{built / (subject.folder or 'CommonLayer')}:{built / 'CommonLayer' / 'python'}",
        "TABLE_NAME": "crossbay",
        "IMPORTS_BUCKET": "imports",
        "IMPORTS_QUEUE_URL": "http://127.0.0.1/imports",
        "USER_POOL_ID": "local_pool",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        **texts_in(template()["Globals"]["Function"]["Environment"]["Variables"]),
    }


def run(subject: Subject, built: Path, python: str) -> dict[str, Any]:
    """What one fresh interpreter says, seconds of CPU since it began."""
    child = _CHILD.format(loaded=subject.loaded, more=list(subject.more))
    # -S: no site-packages, so that what the layer lacks fails here as on Lambda.
    done = subprocess.run(
        [python, "-S", "-c", child],
        env=environment_of(subject, built),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{subject.name} doesn't start:\n{done.stderr[-3000:]}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def instructions(subject: Subject, built: Path, python: str) -> int:
    """Millions of instructions until it is loaded, by valgrind's count: the same on a busy machine."""
    counting = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={os.devnull}"]
    done = subprocess.run(
        [*counting, python, "-S", "-c", subject.loaded],
        env=environment_of(subject, built),
        capture_output=True,
        text=True,
        check=True,
    )
    counted = next(line for line in done.stderr.splitlines() if " refs:" in line)
    return round(int(counted.rpartition(":")[2].replace(",", "").strip()) / 1e6)


def texts_in(variables: dict[str, Any]) -> dict[str, str]:
    """What the template sets to a text, for every function; the rest follows from the deployment."""
    return {name: value for name, value in variables.items() if isinstance(value, str)}


def measure(built: Path, python: str, runs: int) -> dict[str, Any]:
    everyone = subjects()
    said = defaultdict(list)
    for turn in range(runs):
        print(f"run {turn + 1} of {runs}", file=sys.stderr, flush=True)
        for subject in everyone:
            said[subject.name].append(run(subject, built, python))
    medians = {name: _medians([one["seconds"] for one in answers]) for name, answers in said.items()}
    boto3, layers_own = medians["boto3"][0], medians["boto3 of the layer"][0]
    doors = {}
    for subject in everyone[3:]:
        start, *later = medians[subject.name]
        seconds = [round(after - before, 3) for before, after in pairwise([start, *later])]
        steps = dict(zip(_names(subject), seconds, strict=True))
        doors[subject.name] = {
            "cpu_s": round(start, 3),
            "ratio": round(start / boto3, 2),
            "ratio_to_the_layers_boto3": round(start / layers_own, 2),
            **steps,
            "modules": said[subject.name][-1]["modules"],
            "packages": said[subject.name][-1]["packages"],
        }
    plain = medians["plain"][0]
    return {
        "boto3_client_cpu_s": round(boto3, 3),
        "layers_boto3_client_cpu_s": round(layers_own, 3),
        "plain_libraries": {"cpu_s": round(plain, 3), "ratio": round(plain / boto3, 2)},
        "functions": doors,
    }


def _medians(rows: list[list[float]]) -> list[float]:
    return [median(column) for column in zip(*rows, strict=True)]


def _names(subject: Subject) -> list[str]:
    return ["first_write_cpu_s" if step == _WRITE else "first_answer_cpu_s" for step in subject.more]


def megabytes(folder: Path) -> float:
    """Unzipped, to a hundredth; a megabyte is 1024 * 1024 bytes, as in Lambda's limit of 250."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1024**2, 2)


def sizes(built: Path) -> dict[str, float]:
    return {folder.name: megabytes(folder) for folder in sorted(built.iterdir()) if folder.is_dir()}


def install_boto3(to: Path, python: str) -> None:
    """boto3 in the layer's version, as published, with bytecode."""
    uv = str(ROOT / ".venv" / "bin" / "uv")
    command = [uv, "pip", "install", "--quiet", "--no-config", "--python", python, "--target", str(to)]
    subprocess.run([*command, "-c", str(ROOT / "requirements" / "runtime.txt"), "boto3"], check=True)
    compileall = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(to)]
    subprocess.run([python, *compileall], check=True)


def version_to_build() -> str:
    wanted = shutil.which(f"python{RUNTIME}")
    works = wanted and subprocess.run([wanted, "-c", ""], capture_output=True, check=False).returncode == 0
    return RUNTIME if works else VERSION


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--instructions", action="store_true", help="count them too (valgrind; minutes)")
    arguments = parser.parse_args()
    version = version_to_build()
    with tempfile.TemporaryDirectory(prefix="crossbay-cold-start-") as name:
        for architecture, wheels in PLATFORMS.items():
            print(f"building for {architecture}", file=sys.stderr, flush=True)
            build(Path(name, architecture), version=version, architecture=architecture, platform=wheels)
        built = {architecture: Path(name, architecture, "build") for architecture in PLATFORMS}
        python = subprocess.run(
            [f"python{version}", "-c", "import sys; print(sys._base_executable)"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        result = {
            "python": version,
            "architecture": ARCHITECTURE,
            "runs": arguments.runs,
            "unzipped_mb": {architecture: sizes(folder) for architecture, folder in built.items()},
        }
        install_boto3(built[ARCHITECTURE] / PUBLISHED, python)
        result |= measure(built[ARCHITECTURE], python, arguments.runs)
        if arguments.instructions:
            result["million_instructions"] = {
                subject.name: instructions(subject, built[ARCHITECTURE], python) for subject in subjects()
            }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
