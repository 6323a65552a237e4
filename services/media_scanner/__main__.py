"""Starts the media scanner: `python -m services.media_scanner`."""

from __future__ import annotations

from services.chassis.main import run_service
from services.media_scanner.app import build
from services.media_scanner.settings import MediaScannerSettings
from services.media_scanner.stream import SOURCE

if __name__ == "__main__":
    run_service(SOURCE, MediaScannerSettings, build)
