"""Why a picture is refused. Nothing else leaves the decoder."""

from __future__ import annotations

from services.chassis.errors import InvalidInputError, TooLargeError


class ImageError(InvalidInputError):
    """Base of the decoder's refusals."""

    code = "IMAGE_REFUSED"


class UnsupportedFormatError(ImageError):
    """Not one of the allowed formats by its first bytes, or a colour layout nobody can read."""

    code = "UNSUPPORTED_FORMAT"


class TruncatedImageError(ImageError):
    """The file ends before the picture does."""

    code = "TRUNCATED_IMAGE"


class CorruptImageError(ImageError):
    """The decoder failed on the bytes or warned about them."""

    code = "CORRUPT_IMAGE"


class TooManyBytesError(ImageError, TooLargeError):
    """The file is over the byte limit."""

    code = "TOO_MANY_BYTES"


class TooManyPixelsError(ImageError, TooLargeError):
    """The header announces more pixels than the limit; nothing was decoded."""

    code = "TOO_MANY_PIXELS"


class TooManyFramesError(ImageError, TooLargeError):
    """All frames together are over the limit."""

    code = "TOO_MANY_FRAMES"
