"""NudeNet as an optional plug-in. AGPL-3.0 (says its maintainer, and so do the weights' own metadata),
whatever its package index entry states: read that licence before turning it on.

Only its weights are used. Its package is never imported, because that would pull a second onnxruntime.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from services.image_classifier.contract import ContractError, ModelContract, load_contract

_CONTRACT = Path(__file__).parent.parent / "data" / "models" / "nudenet-320n.json"


def nudenet_contract() -> ModelContract:
    """The contract of the weights inside the installed `nudenet` package; ContractError without it."""
    spec = importlib.util.find_spec("nudenet")
    if spec is None or not spec.submodule_search_locations:
        raise ContractError("the nudenet plug-in is turned on, but its package is not installed")
    contract = load_contract(_CONTRACT)
    folder = Path(next(iter(spec.submodule_search_locations)))
    return contract.model_copy(update={"file": folder / contract.file.name})
