"""`palisade joint score`."""

from tests.integration.cli.command import json_lines, palisade


async def test_pairs_and_halves_and_their_errors() -> None:
    ended = await palisade(
        *("joint", "score", "--jsonl"),
        stdin=json_lines(
            [
                {"id": "both", "prompt": {"violence": 0.99}, "image": {"violence": 0.99}},
                {"id": "prompt", "prompt": {"violence": 0.1}},
                {"id": "image", "image": {"violence": 0.1}, "prompt": None},
                {"id": "neither"},
                {"id": "range", "prompt": {"violence": 2}},
            ]
        ),
    )
    assert ended.status == 1
    both, prompt, image, neither, out_of_range = ended.lines
    assert list(both) == ["id", "decision", "reasons", "absent", "policy_version"]
    assert both["decision"] == "BLOCK"
    assert list(both["reasons"][0]) == ["category", "severity", "rule", "start", "end"]
    assert both["absent"] == []
    assert [(each["detector"], each["cause"]) for each in prompt["absent"]] == [("image", "missing_input")]
    assert [(each["detector"], each["cause"]) for each in image["absent"]] == [("prompt", "missing_input")]
    assert neither["error"]["code"] == "NOTHING_TO_SCORE"
    assert out_of_range["error"]["code"] == "SCORE_OUT_OF_RANGE"


async def test_options_are_a_pair_too() -> None:
    ended = await palisade(
        "joint", "score", "--prompt", "violence=0.99", "--image", "violence=0.99", "--json"
    )
    assert ended.status == 0
    assert ended.lines[0]["decision"] == "BLOCK"
    assert (await palisade("joint", "score", "--prompt", "violence")).status == 2
    assert (await palisade("joint", "score")).status == 2
