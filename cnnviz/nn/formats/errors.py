"""The errors raised for a file that cannot be opened."""

__all__ = ["ModelError", "Unsupported"]


class ModelError(ValueError):
    """A file that holds no network we can show; the message is a sentence for the user."""


class Unsupported(Exception):
    """An operator, or a variant of one, without a layer here; the message is its name."""
