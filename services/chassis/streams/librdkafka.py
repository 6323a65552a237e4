"""The few functions of librdkafka's mock cluster that confluent-kafka does not expose.

Declared after `rdkafka.h` and `rdkafka_mock.h` of librdkafka 2.x.
"""

import ctypes
import importlib
from typing import Self

_PRODUCER = 0
_LOG_ERRORS_ONLY = b"3"
_ERROR_TEXT_BYTES = 512

_POINTER = ctypes.c_void_p
_TEXT = ctypes.c_char_p
_INT = ctypes.c_int
_INT32 = ctypes.c_int32

# name: (result, arguments). Without this table ctypes would cut pointers to 32 bits.
_SIGNATURES: dict[str, tuple[type | None, list[type]]] = {
    "rd_kafka_conf_new": (_POINTER, []),
    "rd_kafka_conf_set": (_INT, [_POINTER, _TEXT, _TEXT, _TEXT, ctypes.c_size_t]),
    "rd_kafka_new": (_POINTER, [_INT, _POINTER, _TEXT, ctypes.c_size_t]),
    "rd_kafka_destroy": (None, [_POINTER]),
    "rd_kafka_err2str": (_TEXT, [_INT]),
    "rd_kafka_mock_cluster_new": (_POINTER, [_POINTER, _INT]),
    "rd_kafka_mock_cluster_destroy": (None, [_POINTER]),
    "rd_kafka_mock_cluster_bootstraps": (_TEXT, [_POINTER]),
    "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, [_POINTER, _INT32]),
    "rd_kafka_mock_topic_create": (_INT, [_POINTER, _TEXT, _INT, _INT]),
    "rd_kafka_mock_broker_set_down": (_INT, [_POINTER, _INT32]),
    "rd_kafka_mock_broker_set_up": (_INT, [_POINTER, _INT32]),
    "rd_kafka_mock_broker_set_rtt": (_INT, [_POINTER, _INT32, _INT]),
}


class EmbeddedBrokerUnavailableError(ImportError):
    """The wheel that carries the embedded broker is not installed."""


class EmbeddedBrokerError(RuntimeError):
    """librdkafka refused an operation on the embedded broker."""

    def __init__(self, operation: str, cause: str) -> None:
        """Name the operation and librdkafka's own words."""
        super().__init__(f"embedded broker: {operation}: {cause}")
        self.operation = operation
        self.cause = cause


class LibRdKafka:
    """librdkafka as loaded by confluent-kafka, with typed calls. Pointers are opaque."""

    def __init__(self, library: ctypes.CDLL) -> None:
        """Declare the functions on `library`, a handle that no one else uses."""
        self._library = library
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(library, name)
            function.restype = result
            function.argtypes = arguments

    @classmethod
    def load(cls) -> Self:
        """Load the copy in the confluent-kafka wheel, or raise `EmbeddedBrokerUnavailableError`."""
        try:
            extension = importlib.import_module("confluent_kafka.cimpl")
        except ImportError as error:
            raise EmbeddedBrokerUnavailableError(
                "the embedded broker needs confluent-kafka: install the extra `embedded`"
            ) from error
        # Symbols of librdkafka resolve through the extension module that links it,
        # whatever name the wheel gave the library.
        return cls(ctypes.CDLL(extension.__file__))

    def new_handle(self) -> ctypes.c_void_p:
        """Return a client without brokers, which the cluster needs for its logs and timers."""
        text = ctypes.create_string_buffer(_ERROR_TEXT_BYTES)
        conf = ctypes.c_void_p(self._library.rd_kafka_conf_new())
        self._library.rd_kafka_conf_set(conf, b"log_level", _LOG_ERRORS_ONLY, text, len(text))
        handle = self._library.rd_kafka_new(_PRODUCER, conf, text, len(text))
        if not handle:
            raise EmbeddedBrokerError("new handle", text.value.decode(errors="replace"))
        return ctypes.c_void_p(handle)

    def new_cluster(self, handle: ctypes.c_void_p, brokers: int) -> ctypes.c_void_p:
        """Return a cluster whose first group join does not wait for more members."""
        address = self._library.rd_kafka_mock_cluster_new(handle, brokers)
        if not address:
            self._library.rd_kafka_destroy(handle)
            raise EmbeddedBrokerError("new cluster", f"no cluster of {brokers} brokers")
        cluster = ctypes.c_void_p(address)
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0)
        return cluster

    def destroy(self, handle: ctypes.c_void_p, cluster: ctypes.c_void_p) -> None:
        """End the cluster's thread, then the client it logs through."""
        self._library.rd_kafka_mock_cluster_destroy(cluster)
        self._library.rd_kafka_destroy(handle)

    def bootstraps(self, cluster: ctypes.c_void_p) -> str:
        """Return comma-separated `host:port`."""
        text: bytes = self._library.rd_kafka_mock_cluster_bootstraps(cluster)
        return text.decode()

    def create_topic(self, cluster: ctypes.c_void_p, name: str, partitions: int, replicas: int) -> None:
        """Create a topic, or raise `EmbeddedBrokerError`."""
        code = self._library.rd_kafka_mock_topic_create(cluster, name.encode(), partitions, replicas)
        self._check(f"create topic {name}", code)

    def set_down(self, cluster: ctypes.c_void_p, broker_id: int) -> None:
        """Take one broker off the network."""
        code = self._library.rd_kafka_mock_broker_set_down(cluster, broker_id)
        self._check(f"set broker {broker_id} down", code)

    def set_up(self, cluster: ctypes.c_void_p, broker_id: int) -> None:
        """Bring one broker back."""
        code = self._library.rd_kafka_mock_broker_set_up(cluster, broker_id)
        self._check(f"set broker {broker_id} up", code)

    def set_rtt(self, cluster: ctypes.c_void_p, broker_id: int, milliseconds: int) -> None:
        """Delay one broker's answers."""
        code = self._library.rd_kafka_mock_broker_set_rtt(cluster, broker_id, milliseconds)
        self._check(f"set round trip of broker {broker_id}", code)

    def _check(self, operation: str, code: int) -> None:
        if code:
            cause: bytes = self._library.rd_kafka_err2str(code)
            raise EmbeddedBrokerError(operation, cause.decode())
