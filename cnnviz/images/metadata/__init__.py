"""Strip a picture file down to what its decoder needs, before the decoder sees it.

Metadata lets small files do harm: a PNG of 10 MB can hold colour profiles that take seconds to
unpack, and an Exif block can point at the same megabytes again and again. Text, thumbnails, further
frames and anything after the picture are dropped; only the orientation is read from the Exif data,
and only the tags that define colours from the first colour profile.
"""

from cnnviz.images.metadata.bmp import strip_bmp
from cnnviz.images.metadata.exif import orientation
from cnnviz.images.metadata.gif import strip_gif
from cnnviz.images.metadata.jpeg import strip_jpeg
from cnnviz.images.metadata.png import PNG_SIGNATURE, strip_png
from cnnviz.images.metadata.stripped import Stripped
from cnnviz.images.metadata.webp import strip_webp

__all__ = [
    "PNG_SIGNATURE",
    "Stripped",
    "orientation",
    "strip_bmp",
    "strip_gif",
    "strip_jpeg",
    "strip_png",
    "strip_webp",
]
