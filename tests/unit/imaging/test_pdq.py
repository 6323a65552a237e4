"""PDQ against its published steps, and the properties that matching rests on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.imaging.hashes import MATCHABLE_QUALITY, ImageHash, distance, hash_image
from services.imaging.pdq import dihedral, pdq
from tests.unit.imaging.pictures import photograph, shipped
from tests.unit.imaging.published_pdq import published_pdq

# Also what the C++ reference gives for these arrays (pdqhash 0.2.8), quality included.
GOLDEN = {
    "astronaut": ("2d6b1af3a956c529e79ca3d2526fa834d4196c81cedd04de0a26b855fc99b724", 100),
    "camera": ("dc9c9d3b746978f888f40ce6e5c3f70f7266623e8d989cb99f21f2010841e1c7", 100),
    "chelsea": ("5feb5321f01da156898e2bf629a5d3438412cdbd23f48942464526315db33ffd", 100),
    "coffee": ("8c629e779a663698b9a33866c026726c21a679f61eb6e1f8c79ba7e23c8299e0", 100),
    "rocket": ("8792786c87937064bf1bc0e43f1fc0e03f1cc2e33da4c2537cec821b2ce4f376", 100),
    "moon": ("131645cde366d981e1e371b264d8b25b9e4d13771d8c4f366d946ca57133d0c9", 83),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_known_photographs_keep_their_hashes(name: str) -> None:
    bits, quality = pdq(shipped(name))
    assert (bits.hex(), quality) == GOLDEN[name]


@settings(max_examples=15, deadline=None)
@given(st.integers(65, 200), st.integers(65, 200), st.integers(0, 2**32 - 1))
def test_every_shape_hashes_as_published(width: int, height: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rgb = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    fast, quality = pdq(rgb)
    slow, expected_quality = published_pdq(rgb)
    # Sums in another order and precision: terms that lie on the median may fall either way.
    assert distance(fast.hex(), slow.hex()) <= 4
    assert abs(quality - expected_quality) <= 1


def test_half_of_the_bits_are_set() -> None:
    bits, _ = pdq(np.asarray(photograph()))
    assert int.from_bytes(bits, "big").bit_count() == 128


@pytest.mark.parametrize("shape", [(4, 100), (100, 4), (1, 1)])
def test_a_picture_too_small_to_hash_has_no_quality(shape: tuple[int, int]) -> None:
    assert pdq(np.zeros((*shape, 3), np.uint8)) == (bytes(32), 0)


def test_a_flat_picture_is_not_to_be_matched() -> None:
    identity = hash_image(b"", np.full((100, 100, 3), 127, np.uint8))
    assert identity.quality < MATCHABLE_QUALITY
    assert not identity.matchable


def test_dihedral_hashes_are_those_of_the_turned_and_mirrored_picture() -> None:
    rgb = np.asarray(photograph(512))
    turned = [rgb, rgb[:, ::-1], rgb[::-1], rgb[::-1, ::-1]]
    turned += [each.transpose(1, 0, 2) for each in turned]
    for predicted, picture in zip(dihedral(rgb), turned, strict=True):
        actual, _ = pdq(np.ascontiguousarray(picture))
        assert distance(predicted.hex(), actual.hex()) <= 20
    assert len(set(dihedral(rgb))) == 8


def test_unrelated_photographs_are_far_apart() -> None:
    hashes = [pdq(picture)[0].hex() for picture in map(shipped, ("astronaut", "coffee", "chelsea"))]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert distance(hashes[one], hashes[other]) > 80


def test_distance_counts_the_bits_that_differ() -> None:
    assert distance("0" * 64, "0" * 63 + "7") == 3


def test_a_hash_says_whose_file_it_is() -> None:
    identity = hash_image(b"abc", np.asarray(photograph(64)))
    assert isinstance(identity, ImageHash)
    assert identity.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (identity.width, identity.height) == (64, 64)
