"""Who may import whom. The graph is read from the code; nothing is run."""

from __future__ import annotations

from collections.abc import Iterator

import grimp
import pytest

SERVICES = ("prompt_filter", "image_classifier", "joint_scorer", "media_scanner", "enforcement")
TRANSPORTS = ("grpc", "faust", "mode", "aiokafka", "onnxruntime", "sqlalchemy", "transformers", "c2pa")
# What stands between a domain and the world; everything else in a service is domain.
BOUNDARIES = {
    "__main__", "app", "rpc", "stream", "messages", "settings", "adapters", "migrations", "training", "local",
    "loading", "wiring", "models", "classifier", "evaluation",
}  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("services", include_external_packages=True, cache_dir=None)


def _domain(graph: grimp.ImportGraph, service: str) -> Iterator[str]:
    prefix = f"services.{service}."
    for module in sorted(graph.modules):
        if module.startswith(prefix) and not BOUNDARIES & set(module.removeprefix(prefix).split(".")):
            yield module


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_no_other_service(graph: grimp.ImportGraph, service: str) -> None:
    others = {f"services.{other}" for other in SERVICES if other != service}
    for module in graph.find_descendants(f"services.{service}"):
        strangers = {
            imported
            for imported in graph.find_modules_directly_imported_by(module)
            if any(imported == other or imported.startswith(f"{other}.") for other in others)
        }
        assert not strangers, f"{module} imports {strangers}"


@pytest.mark.parametrize("base", ["chassis", "contracts", "imaging"])
def test_what_all_stand_on_imports_no_service(graph: grimp.ImportGraph, base: str) -> None:
    allowed = {"services.chassis", "services.contracts", "services.imaging"}
    for module in {f"services.{base}"} | graph.find_descendants(f"services.{base}"):
        for imported in graph.find_modules_directly_imported_by(module):
            if imported.startswith("services."):
                assert ".".join(imported.split(".")[:2]) in allowed, f"{module} imports {imported}"


@pytest.mark.parametrize("service", SERVICES)
def test_the_domain_knows_no_transport_and_no_runtime(graph: grimp.ImportGraph, service: str) -> None:
    modules = list(_domain(graph, service))
    assert modules, f"{service} has no domain"
    external = [name for name in TRANSPORTS if name in graph.modules]
    assert {"grpc", "sqlalchemy", "onnxruntime"} <= set(external)
    for module in modules:
        for name in external:
            chain = graph.find_shortest_chain(importer=module, imported=name)
            assert chain is None, " -> ".join(chain or ())


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_shape(graph: grimp.ImportGraph, service: str) -> None:
    expected = {"__main__", "app", "rpc", "stream", "settings", "adapters"}
    assert expected <= {name.split(".")[2] for name in graph.find_children(f"services.{service}")}
