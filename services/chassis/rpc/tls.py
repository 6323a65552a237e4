"""Server TLS from PEM files that may be replaced while the server runs."""

from __future__ import annotations

import ssl
from pathlib import Path

import grpc
import structlog

from services.chassis.errors import SettingsError
from services.chassis.settings import TlsSettings

_log = structlog.get_logger(__name__)

_Stamps = tuple[tuple[int, int, int], ...]


class Certificates:
    """The certificate, key and client CA of the files, as gRPC wants them at every handshake."""

    def __init__(self, settings: TlsSettings) -> None:
        self._settings = settings
        self._stamps: _Stamps = ()

    def credentials(self) -> grpc.ServerCredentials:
        """Credentials that follow the files; SettingsError where they cannot be used now."""
        try:
            initial = self._load()
        except (OSError, ValueError) as error:
            raise SettingsError(f"PALISADE_GRPC__TLS: {error}") from error
        return grpc.dynamic_ssl_server_credentials(
            initial,
            self._changed,  # type: ignore[arg-type] # the stubs do not know that None means unchanged
            require_client_authentication=self._settings.client_ca is not None,
        )

    def _changed(self) -> grpc.ServerCertificateConfiguration | None:
        """The new configuration, or None where nothing changed or the new files are unusable.

        gRPC calls this in its own thread before each handshake; an exception would end the process.
        """
        try:
            return None if self._read_stamps() == self._stamps else self._load()
        except Exception as error:  # noqa: BLE001 - boundary: see above; the last good files stay in use
            _log.error("certificates_not_reloaded", reason=str(error))
            return None

    def _load(self) -> grpc.ServerCertificateConfiguration:
        stamps = self._read_stamps()
        certificate, key = self._settings.certificate, self._settings.key
        # A rotation caught between its two files would serve a key that is not the certificate's.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        client_ca = self._settings.client_ca.read_bytes() if self._settings.client_ca else None
        pair = (key.read_bytes(), certificate.read_bytes())
        if self._read_stamps() != stamps:
            raise ValueError("the files changed while they were read")
        self._stamps = stamps
        return grpc.ssl_server_certificate_configuration([pair], root_certificates=client_ca)

    def _read_stamps(self) -> _Stamps:
        settings = self._settings
        paths = [settings.certificate, settings.key, *([settings.client_ca] if settings.client_ca else [])]
        return tuple(_stamp(path) for path in paths)


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino
