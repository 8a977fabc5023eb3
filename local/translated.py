"""template.yaml as CloudFormation carries it out: loops, included body and SAM's own resources written out.

SAM's translator is part of .venv-stack alone, so a process of that environment does it.
"""

import json
import logging
import os
import subprocess
import sys
from functools import cache
from typing import Any

from local.emulator import ROOT, STACK_BIN
from local.template import API, template

REGION = "us-east-1"
AS_BY_MAKE_DEPLOY = {"Canary": "true"}
"""Which the emulator could not carry out: it knows no CodeDeploy."""


@cache
def translated() -> dict[str, Any]:
    """Every resource by its logical id, as `make deploy` has it. Raises CalledProcessError."""
    done = subprocess.run(
        [STACK_BIN / "python", "-m", "local.translated"],
        cwd=ROOT,
        env=os.environ | {"AWS_DEFAULT_REGION": REGION, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    resources: dict[str, Any] = json.loads(done.stdout)
    return resources


def _translate() -> dict[str, Any]:
    from samtranslator.translator.transform import transform  # type: ignore[import-not-found]

    logging.disable()
    whole = json.loads(json.dumps(template()))
    defaults = {name: told["Default"] for name, told in whole["Parameters"].items() if "Default" in told}
    for resource in whole["Resources"].values():
        for code in {"CodeUri", "ContentUri"} & set(resource.get("Properties", ())):
            resource["Properties"][code] = "s3://built/code.zip"
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            if isinstance(resource.get(policy), dict):
                resource[policy] = defaults[resource[policy]["Ref"]]
    whole["Resources"]["Api"]["Properties"]["DefinitionBody"] = json.loads(API.read_text())
    resources: dict[str, Any] = transform(whole, AS_BY_MAKE_DEPLOY, _NoManagedPolicies())["Resources"]
    return resources


class _NoManagedPolicies:
    """SAM asks IAM for the names of AWS's policies; the template uses none by name."""

    def load(self) -> dict[str, str]:
        return {}


if __name__ == "__main__":
    json.dump(_translate(), sys.stdout)
