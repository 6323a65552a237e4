"""Only regular files within the limit are read."""

import os
from pathlib import Path

import pytest

from services.chassis.errors import InvalidInputError, TooLargeError
from services.cli.files import read_file


def test_a_file_is_read_whole_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_file(str(path), max_bytes=5) == b"12345"
    with pytest.raises(TooLargeError):
        read_file(str(path), max_bytes=4)


def test_what_is_no_readable_file_is_refused_and_nothing_hangs(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (str(tmp_path / "missing"), str(tmp_path), str(pipe), "/dev/zero", "a\0b", "\ud800", ""):
        with pytest.raises(InvalidInputError) as refusal:
            read_file(path, max_bytes=5)
        assert refusal.value.code == "UNREADABLE_FILE"
