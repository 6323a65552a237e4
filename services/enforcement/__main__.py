"""Starts the enforcement service: `python -m services.enforcement`."""

from __future__ import annotations

from services.chassis.main import run_service
from services.enforcement.app import build
from services.enforcement.settings import EnforcementSettings
from services.enforcement.translate import SOURCE

if __name__ == "__main__":
    run_service(SOURCE, EnforcementSettings, build)
