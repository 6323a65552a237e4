"""Starts the image classifier: `python -m services.image_classifier`."""

from __future__ import annotations

from services.chassis.main import run_service
from services.image_classifier.app import NAME, build
from services.image_classifier.settings import ImageClassifierSettings

if __name__ == "__main__":
    run_service(NAME, ImageClassifierSettings, build)
