"""What must be true of the rendered manifests, whatever an API server would also accept."""

import re

import pytest

from services.chassis.settings import ChassisSettings
from services.enforcement.settings import EnforcementSettings
from services.image_classifier.settings import ImageClassifierSettings
from services.joint_scorer.settings import JointScorerSettings
from services.media_scanner.settings import MediaScannerSettings
from services.prompt_filter.settings import PromptFilterSettings
from tests.integration.kubernetes.manifests import OVERLAYS, container, of_kind, render, rendered_environment

# How long an event may take before it is a dead letter: the services' default.
EVENT_DEADLINE_SECONDS = 30

_CREDENTIAL = re.compile(r"PASSWORD|SECRET|ACCESS_KEY|DATABASE_?_URL")

_DATABASES = {
    "PALISADE_DATABASE__URL": "enforcement",
    "PALISADE_JOINT__DATABASE_URL": "joint-scorer",
}
SETTINGS: dict[str, type[ChassisSettings]] = {
    "prompt_filter": PromptFilterSettings,
    "image_classifier": ImageClassifierSettings,
    "joint_scorer": JointScorerSettings,
    "media_scanner": MediaScannerSettings,
    "enforcement": EnforcementSettings,
}

pytestmark = [
    pytest.mark.parametrize("overlay", OVERLAYS),
    pytest.mark.usefixtures("kubectl_program"),
]


def test_credentials_come_by_reference_only(overlay: str) -> None:
    for variables in rendered_environment(overlay).values():
        literal = [n for n, v in variables.items() if _CREDENTIAL.search(n) and not v.startswith("secret:")]
        assert literal == []
    assert of_kind(overlay, "Secret") == {}


def test_each_database_is_told_to_its_own_service_alone(overlay: str) -> None:
    environment = rendered_environment(overlay)
    told = {
        variable: {service for service, names in environment.items() if variable in names}
        for variable in _DATABASES
    }

    assert told == {variable: {service} for variable, service in _DATABASES.items()}


def test_every_variable_is_a_setting_of_its_service(overlay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for service, variables in rendered_environment(overlay).items():
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, _stand_in(name, value))
            settings = SETTINGS[service.replace("-", "_")].load()
        assert settings.profile == "production"
        assert settings.worker.deadline_seconds <= EVENT_DEADLINE_SECONDS


def _stand_in(name: str, value: str) -> str:
    """What a reference would be resolved to; settings check the form, not the content."""
    if not value.startswith(("secret:", "field:")):
        return value
    return "postgresql://user@database/palisade" if name in _DATABASES else "resolved"


@pytest.mark.parametrize(
    ("label", "variables"),
    [
        ("palisade/kafka-client", {"PALISADE_KAFKA__BOOTSTRAP_SERVERS"}),
        ("palisade/object-store-client", {"PALISADE_OBJECTS__URL"}),
        ("palisade/postgresql-client", set(_DATABASES)),
    ],
)
def test_the_way_to_a_dependency_is_open_to_whom_is_told_its_address(
    overlay: str, label: str, variables: set[str]
) -> None:
    labels = {
        name: found["spec"]["template"]["metadata"]["labels"]
        for name, found in of_kind(overlay, "Deployment").items()
    }
    selectors = [found["spec"]["podSelector"] for found in of_kind(overlay, "NetworkPolicy").values()]

    told = {service for service, names in rendered_environment(overlay).items() if variables & set(names)}
    assert told == {service for service, has in labels.items() if has.get(label) == "true"}
    assert {"matchLabels": {label: "true"}} in selectors


def test_every_service_is_a_static_member_under_its_pods_name(overlay: str) -> None:
    members = {v["PALISADE_KAFKA__GROUP_INSTANCE_ID"] for v in rendered_environment(overlay).values()}

    assert members == {"field:metadata.name"}


def test_a_pod_is_given_longer_to_stop_than_draining_and_the_slowest_event_take(overlay: str) -> None:
    environment = rendered_environment(overlay)
    for service, deployment in of_kind(overlay, "Deployment").items():
        pre_stop = container(deployment)["lifecycle"]["preStop"]["sleep"]["seconds"]
        drain = float(environment[service]["PALISADE_LIFECYCLE__DRAIN_SECONDS"])
        grace = deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
        assert grace >= pre_stop + drain + EVENT_DEADLINE_SECONDS + 5


@pytest.mark.parametrize("kind", ["Service", "PodDisruptionBudget"])
def test_a_selector_finds_the_pods_of_its_own_service_only(overlay: str, kind: str) -> None:
    deployments = of_kind(overlay, "Deployment")
    pods = {name: found["spec"]["template"]["metadata"]["labels"] for name, found in deployments.items()}
    for name, found in of_kind(overlay, kind).items():
        selector = found["spec"]["selector"]
        labels = selector.get("matchLabels", selector)
        assert [service for service, has in pods.items() if labels.items() <= has.items()] == [name]


def test_every_service_has_its_companions_and_refers_to_its_own(overlay: str) -> None:
    deployments = of_kind(overlay, "Deployment")
    for kind in ("Service", "ServiceAccount", "PodDisruptionBudget", "HorizontalPodAutoscaler"):
        assert of_kind(overlay, kind).keys() == deployments.keys()
    for name, found in of_kind(overlay, "HorizontalPodAutoscaler").items():
        assert found["spec"]["scaleTargetRef"]["name"] == name
    for name, found in deployments.items():
        assert found["spec"]["template"]["spec"]["serviceAccountName"] == name


def test_probes_and_command_name_their_own_service(overlay: str) -> None:
    for name, deployment in of_kind(overlay, "Deployment").items():
        workload, package = container(deployment), name.replace("-", "_")
        service = "".join(part.title() for part in name.split("-")) + "Service"
        assert workload["command"] == ["python", "-m", f"services.{package}"]
        assert workload["readinessProbe"]["grpc"]["service"] == f"palisade.{package}.v1.{service}"
        assert workload["livenessProbe"]["grpc"]["service"] == "liveness"
        assert workload["image"].startswith(f"palisade/{name}")


def test_the_namespace_is_the_only_object_outside_it(overlay: str) -> None:
    outside = [f["kind"] for f in render(overlay) if f["metadata"].get("namespace") != "palisade"]

    assert outside == ["Namespace"]
