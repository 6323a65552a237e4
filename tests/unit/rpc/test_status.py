"""What a caller gets for each error."""

from __future__ import annotations

import grpc
import pytest
from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, duration_pb2, message_factory
from google.protobuf.message import Message

from services.chassis import errors
from services.chassis.objects.store import ObjectCorruptError, ObjectNotFoundError
from services.chassis.rpc.status import REASON, STATUS_DETAILS, status_of


@pytest.mark.parametrize(
    ("error", "code", "reason"),
    [
        (errors.InvalidInputError("m"), grpc.StatusCode.INVALID_ARGUMENT, "INVALID_INPUT"),
        (errors.InvalidInputError("m", code="BAD"), grpc.StatusCode.INVALID_ARGUMENT, "BAD"),
        (errors.TooLargeError("m"), grpc.StatusCode.INVALID_ARGUMENT, "TOO_LARGE"),
        (errors.NotFoundError("m"), grpc.StatusCode.NOT_FOUND, "NOT_FOUND"),
        (ObjectNotFoundError("m"), grpc.StatusCode.NOT_FOUND, "OBJECT_NOT_FOUND"),
        (ObjectCorruptError("m"), grpc.StatusCode.UNAVAILABLE, "OBJECT_CORRUPT"),
        (errors.ConflictError("m"), grpc.StatusCode.FAILED_PRECONDITION, "CONFLICT"),
        (errors.UnauthenticatedError("m"), grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED"),
        (errors.PermissionDeniedError("m"), grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED"),
        (errors.OverloadedError("m"), grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED"),
        (errors.UnavailableError("m"), grpc.StatusCode.UNAVAILABLE, "UNAVAILABLE"),
        (errors.DeadlineError("m"), grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"),
    ],
)
def test_a_named_error_has_its_status_and_reason(
    error: errors.PalisadeError, code: grpc.StatusCode, reason: str
) -> None:
    status = status_of(error)
    assert (status.code, status.message, dict(status.metadata)[REASON]) == (code, "m", reason)


@pytest.mark.parametrize("error", [errors.SettingsError("where"), errors.PolicyError("where")])
def test_an_error_of_our_own_making_says_nothing(error: errors.PalisadeError) -> None:
    status = status_of(error)
    assert (status.code, status.message) == (grpc.StatusCode.INTERNAL, "internal error")
    assert dict(status.metadata) == {REASON: "INTERNAL"}


@pytest.mark.parametrize("seconds", [0.0, 0.25, 1.5, 90.0])
def test_overload_says_when_to_try_again(seconds: float) -> None:
    """Read back through google.rpc's own message definitions, built here from their field tables."""
    metadata = dict(status_of(errors.OverloadedError("busy é", retry_seconds=seconds)).metadata)
    assert metadata["grpc-retry-pushback-ms"] == str(round(seconds * 1000))
    details = metadata[STATUS_DETAILS]
    assert isinstance(details, bytes)
    status = _message("Status", details)
    assert (status.code, status.message) == (8, "busy é")  # type: ignore[attr-defined]
    (detail,) = status.details  # type: ignore[attr-defined]
    assert detail.type_url == "type.googleapis.com/google.rpc.RetryInfo"
    retry = _message("RetryInfo", detail.value).retry_delay  # type: ignore[attr-defined]
    assert retry.ToMilliseconds() == round(seconds * 1000)


def _message(name: str, serialised: bytes) -> Message:
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(
        name="status_under_test.proto",
        package="google.rpc",
        syntax="proto3",
        dependency=[any_pb2.DESCRIPTOR.name, duration_pb2.DESCRIPTOR.name],
    )
    status = file.message_type.add(name="Status")
    status.field.add(name="code", number=1, type=field.TYPE_INT32, label=field.LABEL_OPTIONAL)
    status.field.add(name="message", number=2, type=field.TYPE_STRING, label=field.LABEL_OPTIONAL)
    status.field.add(
        name="details",
        number=3,
        type=field.TYPE_MESSAGE,
        type_name=".google.protobuf.Any",
        label=field.LABEL_REPEATED,
    )
    retry = file.message_type.add(name="RetryInfo")
    retry.field.add(
        name="retry_delay",
        number=1,
        type=field.TYPE_MESSAGE,
        type_name=".google.protobuf.Duration",
        label=field.LABEL_OPTIONAL,
    )
    pool = descriptor_pool.DescriptorPool()
    for dependency in (any_pb2, duration_pb2):
        pool.AddSerializedFile(dependency.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    kind = message_factory.GetMessageClass(pool.FindMessageTypeByName(f"google.rpc.{name}"))
    return kind.FromString(serialised)
