"""Check the browser's modules: the types by TypeScript, and their tests by Node.

Node is the one on the path, or the one that comes with Playwright. TypeScript is installed once:
npm ci --prefix scripts/typescript. A missing tool is named and its check left out, unless --all is
given.
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TYPESCRIPT = ROOT / "scripts" / "typescript" / "node_modules" / "typescript" / "bin" / "tsc"
INSTALL = "npm ci --prefix scripts/typescript"


def node() -> str | None:
    """Return the path of a Node, if there is one."""
    if found := shutil.which("node"):
        return found
    if (package := importlib.util.find_spec("playwright")) and package.origin:
        brought = Path(package.origin).parent / "driver" / "node"
        return str(brought) if brought.exists() else None
    return None


def commands(node: str) -> list[list[str]]:
    """Return the commands to run: the type check, if TypeScript is installed, and the tests."""
    tests = sorted(map(str, (ROOT / "tests" / "js").rglob("*.test.mjs")))
    checked = [[node, str(TYPESCRIPT), "-p", "jsconfig.json"]] if TYPESCRIPT.exists() else []
    return [*checked, [node, "--test", *tests]]


def main() -> int:
    """Run what can be run; return how many commands failed, or were required but missing."""
    wanted = "--all" in sys.argv[1:]
    found = node()
    if found is None:
        print("There is no Node: the browser's modules are not checked.")
        return int(wanted)
    if not TYPESCRIPT.exists():
        print(f"There is no TypeScript, and types are not checked: {INSTALL}")
    runs = [subprocess.run(command, cwd=ROOT, check=False) for command in commands(found)]
    failed = sum(run.returncode != 0 for run in runs)
    return failed + int(wanted and not TYPESCRIPT.exists())


if __name__ == "__main__":
    sys.exit(main())
