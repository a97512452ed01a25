"""The schemas of the objects in deploy/kubernetes.yaml, in one file.

`python -m scripts.kubernetes_schema` takes them from the package kubernetes-validate, which has the
schemas of all kinds in thirteen versions of Kubernetes: 17 000 files, half of everything that the
tests would install. Run it again when the manifest gets a new kind, or needs a later version.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from scripts.server import ROOT

PACKAGE = "kubernetes-validate==1.37.0"
VERSION = "1.31"  # the oldest in which the numbers of a StatefulSet may begin with 1
SCHEMAS = ROOT / "tests" / "deploy" / "kubernetes.json"
MANIFEST = ROOT / "deploy" / "kubernetes.yaml"
REFERENCE = re.compile(r".*#/\$defs/(.+)")


def main() -> None:
    """Write the schemas, with one definition on each line."""
    with TemporaryDirectory() as folder:
        install = ("pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", folder)
        subprocess.run([sys.executable, "-m", *install, PACKAGE], check=True)
        all_versions = Path(folder, "kubernetes_validate", "kubernetes-json-schema")
        strict = all_versions / f"v{VERSION}.0-local-strict"
        found = json.loads((strict / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    parts = yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8"))
    kinds = sorted({(part["apiVersion"], part["kind"]) for part in parts})
    names = {kind: _name(found, *kind) for kind in kinds}
    head = {
        "source": f"Kubernetes {VERSION} (Apache-2.0), by {PACKAGE}",
        "kinds": {f"{version} {kind}": _reference(name) for (version, kind), name in names.items()},
    }
    lines = [f"{json.dumps(name)}: {json.dumps(body)}" for name, body in _needed(found, names)]
    defined = ",\n".join(lines)
    text = f'{json.dumps(head)[:-1]},\n"$defs": {{\n{defined}\n}}}}\n'
    SCHEMAS.write_text(text, encoding="utf-8")


def _name(found: dict[str, Any], version: str, kind: str) -> str:
    """Return the definition of a kind, such as "apps/v1", "StatefulSet"."""
    group, _, number = version.rpartition("/")
    wanted = {"group": group, "kind": kind, "version": number}
    (name,) = (
        name for name, body in found.items()
        if wanted in body.get("x-kubernetes-group-version-kind", ())
    )  # fmt: skip
    return name


def _needed(found: dict[str, Any], names: dict[Any, str]) -> list[tuple[str, Any]]:
    """Return the definitions needed, starting with the named ones."""
    needed: dict[str, Any] = {}
    waiting = [*names.values()]
    while waiting:
        if (name := waiting.pop()) not in needed:
            needed[name] = _bare(found[name], waiting)
    return sorted(needed.items())


def _bare(schema: Any, waiting: list[str]) -> Any:  # a part of any kind
    """Return a schema without descriptions; add its references to `waiting`."""
    if isinstance(schema, list):
        return [_bare(each, waiting) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = REFERENCE.fullmatch(schema["$ref"])[1]
        waiting.append(name)
        return {"$ref": _reference(name)}
    return {
        key: {name: _bare(each, waiting) for name, each in value.items()}
        if key == "properties"  # one of which may be called "description"
        else _bare(value, waiting)
        for key, value in schema.items()
        if key != "description" and not key.startswith("x-")
    }


def _reference(name: str) -> str:
    return f"#/$defs/{name}"


if __name__ == "__main__":
    main()
