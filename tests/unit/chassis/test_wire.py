"""Fields put together by hand are read as those that were serialised."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.wire import delimited, tag
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as pb


@given(st.text(max_size=40), st.integers(0, 40_000))
def test_a_field_is_encoded_as_protobuf_does(name: str, length: int) -> None:
    name = name.encode("utf-8", "replace").decode() or "x"
    text = "y" * (length + 1)
    fields = delimited(tag(pb.Prompt, "id"), name.encode()) + delimited(tag(pb.Prompt, "text"), text.encode())
    prompt = pb.Prompt(id=name, text=text)
    assert fields == prompt.SerializeToString()
    message = delimited(tag(pb.CheckPromptRequest, "prompt"), fields)
    assert pb.CheckPromptRequest.FromString(message) == pb.CheckPromptRequest(prompt=prompt)
