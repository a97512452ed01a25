"""What a file is answered with when it cannot be opened."""

__all__ = ["ModelError", "Unsupported"]


class ModelError(ValueError):
    """A file that is no network we can show; its text is a sentence for the person."""


class Unsupported(Exception):
    """An operator, or a form of one, that has no layer here; its text is the operator's name."""
