"""What a picture may cost before it is refused."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

# Pillow warns above this by itself, and a decoder's warning is a refusal.
PILLOW_PIXELS = 89_478_485


class DecodeLimits(BaseModel):
    """Limits of one decode.

    Attributes:
        max_bytes: size of the file.
        max_pixels: of one frame, read from its header before anything is decoded.
        max_side: longest width or height; thin giants cost more than their pixels say.
        max_animation_pixels: of all frames together, since late frames need the early ones.
        max_frames: frames sampled from an animation or a document of many pages.
        working_side: a view longer than twice this is reduced by a whole factor to at least this.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_bytes: int = Field(default=32 * 1024 * 1024, ge=1)
    max_pixels: int = Field(default=50_000_000, ge=1, le=PILLOW_PIXELS)
    max_side: int = Field(default=30_000, ge=1)
    max_animation_pixels: int = Field(default=400_000_000, ge=1)
    max_frames: int = Field(default=16, ge=1)
    working_side: int = Field(default=1024, ge=64)
