"""Over gRPC the answers are those of this process, line for line, against the services themselves."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from services.chassis.rpc.server import GrpcServer
from services.chassis.service import Service
from services.chassis.settings import (
    AuthSettings,
    GrpcSettings,
    LifecycleSettings,
    MetricsSettings,
    ObjectSettings,
)
from services.enforcement.app import build as build_enforcement
from services.enforcement.settings import DatabaseSettings, EnforcementSettings
from services.image_classifier.app import build as build_image_classifier
from services.image_classifier.settings import ImageClassifierSettings
from services.joint_scorer.app import build as build_joint_scorer
from services.joint_scorer.settings import JointScorerSettings
from services.media_scanner.app import build as build_media_scanner
from services.media_scanner.settings import MediaScannerSettings
from services.prompt_filter.app import build as build_prompt_filter
from services.prompt_filter.settings import PromptFilterSettings
from tests.integration.cli.command import Lines, json_lines, palisade
from tests.integration.cli.pictures import draw


def _embedded(folder: Path) -> dict[str, Any]:
    return {
        "profile": "embedded",
        "auth": AuthSettings(mode="off"),
        "grpc": GrpcSettings(address="127.0.0.1:0"),
        "metrics": MetricsSettings(address=""),
        "objects": ObjectSettings(url=(folder / "objects").as_uri()),
        "lifecycle": LifecycleSettings(propagation_seconds=0, drain_seconds=10),
    }


@asynccontextmanager
async def _serving(build: Callable[[], Service]) -> AsyncIterator[str]:
    """The service's address while it runs."""
    service = build()
    await service.start()
    try:
        yield f"127.0.0.1:{cast('GrpcServer', service.readiness).port}"
    finally:
        await service.drain()
        await service.stop()


async def _both(address: str, arguments: list[str], objects: Lines) -> tuple[Lines, Lines]:
    stdin = json_lines(objects)
    here = await palisade(*arguments, "--jsonl", stdin=stdin)
    there = await palisade(*arguments, "--jsonl", "--server", address, stdin=stdin)
    assert here.status == there.status == 1
    return here.lines, there.lines


async def test_prompts(tmp_path: Path) -> None:
    objects: Lines = [
        {"id": "1", "text": "a lighthouse"},
        {"id": "long", "text": "a" * 20_001},
        {"id": "half", "text": "\ud800"},
        {"text": "nameless"},
        # Together more than one call takes.
        *({"id": number, "text": f"{number} " + "\N{SNOWMAN}" * 19_000} for number in range(40)),
    ]
    async with _serving(lambda: build_prompt_filter(PromptFilterSettings(**_embedded(tmp_path)))) as address:
        here, there = await _both(address, ["prompt", "check"], objects)
    assert there == here
    assert there[1]["error"]["code"] == "TEXT_TOO_LONG"


async def test_pictures_and_uploads(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"no picture")
    paths = [draw(tmp_path / "a.png", seed=1, side=900), tmp_path / "text", tmp_path / "missing"]
    objects: Lines = [{"id": str(number), "path": str(path)} for number, path in enumerate(paths)]
    settings = ImageClassifierSettings(**_embedded(tmp_path))
    async with _serving(lambda: build_image_classifier(settings)) as address:
        here, there = await _both(address, ["image", "hash"], objects)
        assert there == here
        here, there = await _both(address, ["image", "classify"], objects)
        assert there[0] == here[0]
        assert [line.get("error", {}).get("code") for line in there][2] == "UNREADABLE_FILE"
    async with _serving(lambda: build_media_scanner(MediaScannerSettings(**_embedded(tmp_path)))) as address:
        here, there = await _both(address, ["media", "scan"], objects)
        assert there == here


async def test_pairs(tmp_path: Path) -> None:
    objects: Lines = [
        {"id": "1", "prompt": {"violence": 0.9}, "image": {"violence": 0.8, "sexual": 0.1}},
        {"id": "2", "image": {"violence": 0.8}},
        {"id": "3"},
    ]
    async with _serving(lambda: build_joint_scorer(JointScorerSettings(**_embedded(tmp_path)))) as address:
        here, there = await _both(address, ["joint", "score"], objects)
    assert there == here


async def test_accounts(tmp_path: Path) -> None:
    fact = {"account": "a", "item": "i", "category": "sexual", "severity": "high", "decision": "BLOCK"}
    objects: Lines = [{"id": "e-1", **fact}, {"id": "e-2", **fact, "category": "unheard"}]
    settings = EnforcementSettings(
        **_embedded(tmp_path), database=DatabaseSettings.model_validate({"url": f"sqlite:///{tmp_path}/a.db"})
    )
    async with _serving(lambda: build_enforcement(settings)) as address:
        server = ["--server", address]
        recorded = await palisade("account", "record", "--jsonl", *server, stdin=json_lines(objects))
        assert recorded.status == 1
        assert recorded.lines[0]["standing"] != "good"
        filed = await palisade("account", "appeal", "a", "e-1", "--json", *server)
        ruling = ["--outcome", "overturned", "--moderator", "Ann", "--json"]
        resolved = await palisade("account", "resolve", "a", filed.lines[0]["appeal"], *ruling, *server)
        assert resolved.lines[0]["standing"] == "good"
        there = await palisade("account", "events", "a", "--json", *server)
    here = await palisade("account", "events", "a", "--json", "--database", f"sqlite:///{tmp_path}/a.db")
    assert there.lines == here.lines
    assert len(there.lines[0]["events"]) == 4


async def test_a_server_that_is_not_there_is_an_error_on_each_line() -> None:
    # Port 1 is nobody's.
    ended = await palisade(
        *("prompt", "check", "--jsonl", "--server", "127.0.0.1:1", "--timeout", "5"),
        stdin=json_lines([{"id": "1", "text": "x"}, {"id": "2", "text": "y"}]),
    )
    assert ended.status == 1
    assert [(line["id"], line["error"]["code"]) for line in ended.lines] == [
        ("1", "UNAVAILABLE"),
        ("2", "UNAVAILABLE"),
    ]


async def test_an_api_key_does_not_leave_the_machine_in_plain_text() -> None:
    at = ("--server", "palisade.example:1")
    ended = await palisade("prompt", "check", "--jsonl", *at, PALISADE_API_KEY="secret-of-the-test")
    assert ended.status == 2
    assert "TLS" in ended.err
    assert "secret-of-the-test" not in ended.out + ended.err
