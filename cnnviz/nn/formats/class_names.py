"""The class names of a network, from the text that a file or a user gives."""

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["MAX_CLASSES", "class_names"]

MAX_CLASSES = 21_843  # as many as in ImageNet-21k
TOKEN = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^][(){}\s,:'"][^][(){},:]*|[,:]""")


def class_names(text: str) -> tuple[str, ...]:
    """Return the names in a text: a list or a mapping of JSON or Python, or one name a line.

    A mapping may go from numbers to names, or from names to numbers as Keras's `class_indices`.

    >>> class_names('["cat", "dog"]'), class_names("{1: 'dog', 0: 'cat'}"), class_names("cat, dog")
    (('cat', 'dog'), ('cat', 'dog'), ('cat', 'dog'))
    """
    text = text[: 64 * MAX_CLASSES].strip()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        if text.startswith(("[", "{", "(")):
            found = _literal(text)
        else:
            separator = "\n" if "\n" in text else ","
            found = [part.split(":", 1)[-1] for part in text.split(separator)]
    if isinstance(found, dict):
        found = _by_number(found)
    if not isinstance(found, list):
        return ()
    names = (str(name).strip().strip("'\"").strip()[:40] for name in found[:MAX_CLASSES])
    return tuple(name for name in names if name)


def _literal(text: str) -> list[str] | dict[str, str]:
    """Return the list or mapping of texts that Python or NumPy prints; nothing is run."""
    entries: list[list[str]] = [[]]
    tokens = TOKEN.findall(text)
    for token in tokens:
        if token == ",":
            entries.append([])
        elif token != ":":
            quoted = token[0] in "'\""
            entries[-1].append(re.sub(r"\\(.)", r"\1", token[1:-1]) if quoted else token.strip())
    if ":" in tokens:
        return {entry[0]: entry[-1] for entry in entries if entry}
    return [word for entry in entries for word in entry]


def _by_number(found: Mapping[str, Any]) -> list[Any]:
    """Return the names of a mapping from or to their numbers, in the order of these."""
    pairs = [(key, value) for key, value in found.items()]
    if not all(_numeral(key) for key in found) and all(_numeral(each) for each in found.values()):
        pairs = [(value, key) for key, value in pairs]
    if all(_numeral(number) for number, _ in pairs):
        pairs.sort(key=lambda pair: int(pair[0]))
    return [name for _, name in pairs]


def _numeral(told: Any) -> bool:  # what JSON holds
    return re.fullmatch(r"\d{1,9}", str(told)) is not None
