"""Starts the joint scorer: `python -m services.joint_scorer`."""

from __future__ import annotations

from services.chassis.main import run_service
from services.joint_scorer.app import NAME, build
from services.joint_scorer.settings import JointScorerSettings

if __name__ == "__main__":
    run_service(NAME, JointScorerSettings, build)
