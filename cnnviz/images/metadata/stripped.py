"""What is left of a file without its metadata."""

from dataclasses import dataclass

from cnnviz.images.high_range import HighRange


@dataclass(frozen=True)
class Stripped:
    """A file without its metadata, and what was read from that.

    Attributes
    ----------
    data : bytes
        The file that is left.
    exif : bytes
        Its first Exif block, empty where it has none.
    profile : bytes
        What leads from its numbers to colours, checked; empty where it says nothing, or sRGB.
    high_range : HighRange or None
        For a PNG whose light goes beyond white, what its numbers mean; `profile` is empty then.
    box : (left, top, right, bottom) or None
        For a GIF, the part of the screen that its first frame covers.
    refused : str
        For a JPEG, the kind of coding that keeps it from being read, empty for the usual ones.
    scans : int
        For a JPEG, how often the decoder has to pass over the picture.
    progressive : bool
        For a JPEG, whether the decoder must hold the whole picture before it can show any of it.
    with_other_end : bytes
        For a JPEG without an end, the file with another one than `data` has been given. All
        pixels were there if both give the same picture.
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
