"""A picture file without its metadata."""

from dataclasses import dataclass

from cnnviz.images.high_range import HighRange


@dataclass(frozen=True)
class Stripped:
    """A file without its metadata, and what was read from the metadata.

    Attributes
    ----------
    data : bytes
        The remaining file.
    exif : bytes
        Its first Exif block, empty if it has none.
    profile : bytes
        Its checked colour profile; empty if it declares none, or sRGB.
    high_range : HighRange or None
        For a high dynamic range PNG, what its levels mean; `profile` is empty then.
    box : (left, top, right, bottom) or None
        For a GIF, the part of the screen that its first frame covers.
    refused : str
        For a JPEG, the name of its coding if that cannot be read; empty for the usual ones.
    scans : int
        For a JPEG, how many passes over the picture the decoder needs.
    progressive : bool
        For a JPEG, whether the decoder must hold the whole picture before it can show any of it.
    with_other_end : bytes
        For a JPEG whose end is missing, the file with a different end from the one added to `data`.
        If both decode to the same picture, no pixel was missing.
    """

    data: bytes
    exif: bytes = b""
    profile: bytes = b""
    high_range: HighRange | None = None
    box: tuple[int, int, int, int] | None = None
    refused: str = ""
    scans: int = 1
    progressive: bool = False
    with_other_end: bytes = b""
