"""The browser's modules as they are served: where they lie, and the version of them all."""

from hashlib import blake2b

from cnnviz.resources import STATIC

FOLDER = STATIC / "components"


def _version() -> str:
    """Return a digest of all modules, so that no browser mixes an old file with a new one."""
    digest = blake2b(digest_size=6)
    for file in sorted(FOLDER.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


VERSION = _version()
