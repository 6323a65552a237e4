"""Generates `services/contracts` from the protos: messages, stubs, types, vocabulary.

python protos/generate.py            write
python protos/generate.py --check    exit 1 where the committed code is not current
"""

from __future__ import annotations

import argparse
import filecmp
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from google.protobuf import descriptor_pb2
from grpc_tools import protoc

PROTOS = Path(__file__).resolve().parent
CONTRACTS = PROTOS.parent / "services" / "contracts"
PROTO_PACKAGE = "palisade"
PYTHON_PACKAGE = "services.contracts"
HEADER = '"""Generated from the protos by protos/generate.py. Do not edit."""\n'


def main() -> int:
    """Write the contracts, or with --check compare them; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "contracts"
        generate(fresh)
        if check:
            stale = sorted(differences(fresh, CONTRACTS))
            for name in stale:
                print(f"services/contracts/{name} is not current: run `make protos`", file=sys.stderr)
            return 1 if stale else 0
        shutil.rmtree(CONTRACTS, ignore_errors=True)
        shutil.copytree(fresh, CONTRACTS)
    return 0


def generate(target: Path) -> None:
    """Run protoc into `target`, then give imports and packages their place."""
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch)
        descriptors = output / "descriptors.binpb"
        sources = [str(path.relative_to(PROTOS)) for path in sorted(PROTOS.rglob("*.proto"))]
        arguments = [
            "protoc",
            f"--proto_path={PROTOS}",
            f"--proto_path={resources.files('grpc_tools') / '_proto'}",
            f"--plugin=protoc-gen-mypy_grpc={Path(sys.executable).parent / 'protoc-gen-mypy_grpc'}",
            f"--plugin=protoc-gen-mypy={Path(sys.executable).parent / 'protoc-gen-mypy'}",
            f"--python_out={output}",
            f"--mypy_out={output}",
            f"--grpc_python_out={output}",
            f"--mypy_grpc_out={output}",
            f"--descriptor_set_out={descriptors}",
            *sources,
        ]
        if protoc.main(arguments) != 0:
            raise SystemExit("protoc failed")
        shutil.copytree(output / PROTO_PACKAGE, target)
        (target / "vocabulary.py").write_text(vocabulary(descriptors.read_bytes()))
    for path in [*target.rglob("*.py"), *target.rglob("*.pyi")]:
        path.write_text(rooted(path.read_text()))
    for folder in [target, *(path for path in target.rglob("*") if path.is_dir())]:
        (folder / "__init__.py").write_text(HEADER)
    for stub in target.rglob("*_pb2_grpc.py"):
        if "Stub" not in stub.read_text():
            stub.unlink()
            stub.with_suffix(".pyi").unlink(missing_ok=True)


def rooted(source: str) -> str:
    """Imports led to where the generated code lies; enum values typed as the ints they are."""
    source = re.sub(rf"^from {PROTO_PACKAGE}\.", f"from {PYTHON_PACKAGE}.", source, flags=re.M)
    source = re.sub(rf"^import {PROTO_PACKAGE}\.", f"import {PYTHON_PACKAGE}.", source, flags=re.M)
    source = re.sub(r"ValueType = _typing.NewType\(.*\)", "ValueType = _builtins.int", source)
    return re.sub(rf"(?<![\w./\"'])_?{PROTO_PACKAGE}\.(?=\w+\.v1\.\w+_pb2)", f"{PYTHON_PACKAGE}.", source)


def vocabulary(descriptor_set: bytes) -> str:
    """Plain enums of every proto enum, for code that must not know protobuf."""
    files = descriptor_pb2.FileDescriptorSet.FromString(descriptor_set)
    lines = [
        HEADER,
        "from enum import IntEnum",
        "",
        "",
        "class Word(IntEnum):",
        '    """An enum of the protos; compares by consequence where numbers rise with it."""',
        "",
        "    # Enum hashes names in Python; these are keys on hot paths.",
        "    __hash__ = int.__hash__",
        "",
        "    @property",
        "    def label(self) -> str:",
        '        """The name in lower case, as it stands in JSON keys, rules and metrics."""',
        "        return self.name.lower()",
    ]
    for file in files.file:
        for enum in file.enum_type:
            lines += ["", "", *enum_lines(enum)]
    return "\n".join(lines) + "\n"


def enum_lines(enum: descriptor_pb2.EnumDescriptorProto) -> Iterator[str]:
    """One class; the zero value stays out, since no domain value is unspecified."""
    prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", enum.name).upper() + "_"
    yield f"class {enum.name}(Word):"
    for value in enum.value:
        if value.number:
            yield f"    {value.name.removeprefix(prefix)} = {value.number}"


def differences(fresh: Path, committed: Path) -> Iterator[str]:
    """Relative names of files that are missing, left over or of other content."""
    names = {
        str(path.relative_to(root))
        for root in (fresh, committed)
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    for name in names:
        left, right = fresh / name, committed / name
        if not (left.exists() and right.exists() and filecmp.cmp(left, right, shallow=False)):
            yield name


if __name__ == "__main__":
    raise SystemExit(main())
