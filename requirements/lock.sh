#!/bin/sh
# Writes the hash-pinned requirement files, without registry addresses.
# Pins already in a file are kept; `requirements/lock.sh --upgrade` renews them.
set -eu
cd "$(dirname "$0")/.."
compile() {
  output="requirements/$1.txt"; shift
  .venv/bin/uv pip compile pyproject.toml --quiet --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --output-file "$output" "$@"
}
services="--extra prompt --extra image --extra joint --extra scanner --extra enforcement"
# shellcheck disable=SC2086  # one word an extra
{
  compile dev $services --extra cpu --extra embedded --extra dev --constraint requirements/constraints.txt "$@"
  compile run $services --extra cpu --extra embedded --constraint requirements/dev.txt "$@"
  compile train $services --extra cpu --extra embedded --extra dev --extra train --constraint requirements/dev.txt "$@"
  compile gpu $services --extra gpu --constraint requirements/constraints.txt "$@"
}
compile prompt_filter --extra prompt --extra cpu --constraint requirements/dev.txt "$@"
compile image_classifier --extra image --extra cpu --constraint requirements/dev.txt "$@"
compile joint_scorer --extra joint --constraint requirements/dev.txt "$@"
compile media_scanner --extra scanner --constraint requirements/dev.txt "$@"
compile enforcement --extra enforcement --constraint requirements/dev.txt "$@"
