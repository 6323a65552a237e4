"""Starts the prompt filter: `python -m services.prompt_filter`."""

from services.chassis.main import run_service
from services.prompt_filter.app import NAME, build
from services.prompt_filter.settings import PromptFilterSettings

if __name__ == "__main__":
    run_service(NAME, PromptFilterSettings, build)
