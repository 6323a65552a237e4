"""Loading all configured models."""

from __future__ import annotations

from services.image_classifier.adapters.nudenet import nudenet_contract
from services.image_classifier.contract import ContractError, ModelContract, load_contract
from services.image_classifier.ports import ImageModel
from services.image_classifier.settings import ImageSettings


def load_models(settings: ImageSettings) -> tuple[ImageModel, ...]:
    """Every model that the settings name; ContractError for the first that cannot be trusted."""
    contracts = [load_contract(path) for path in settings.contracts]
    contracts += [nudenet_contract() for _ in settings.plugins]
    _refuse_twins(contracts)
    if not contracts:
        return ()
    from services.image_classifier.adapters.onnx_model import OnnxModel

    return tuple(OnnxModel.load(contract, provider=settings.provider) for contract in contracts)


def _refuse_twins(contracts: list[ModelContract]) -> None:
    names = [contract.name for contract in contracts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ContractError(f"models configured twice: {', '.join(twice)}")
