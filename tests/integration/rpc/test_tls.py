"""TLS that follows its files, and mTLS that refuses strangers."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest

from services.chassis.errors import SettingsError
from services.chassis.rpc.channel import ClientTls, open_channel
from services.chassis.rpc.tls import Certificates
from services.chassis.settings import TlsSettings
from tests.integration.rpc.certificates import Authority, Pair
from tests.integration.rpc.echo import Answer, Running, running, send

Code = grpc.StatusCode


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("first")


@pytest.fixture(scope="module")
def stranger() -> Authority:
    return Authority("second")


@pytest.fixture
def files(tmp_path: Path, authority: Authority) -> TlsSettings:
    settings = TlsSettings(certificate=tmp_path / "tls.crt", key=tmp_path / "tls.key")
    authority.issue("server").write(settings.certificate, settings.key)
    return settings


async def _ask(it: Running, tls: ClientTls) -> Answer:
    """Over a connection of its own, so that there is a handshake."""
    async with open_channel(f"127.0.0.1:{it.server.port}", tls=tls) as channel:
        return await send(channel, "unary_unary", b"a", timeout=3)


async def test_a_client_that_trusts_the_authority_is_served(files: TlsSettings, authority: Authority) -> None:
    async with running(tls=files) as it:
        assert (await _ask(it, ClientTls(authority.certificate))).code is Code.OK


async def test_a_new_certificate_is_served_to_the_next_handshake(
    files: TlsSettings, authority: Authority, stranger: Authority
) -> None:
    async with running(tls=files) as it:
        assert (await _ask(it, ClientTls(stranger.certificate))).code is not Code.OK
        stranger.issue("server").write(files.certificate, files.key)
        assert (await _ask(it, ClientTls(stranger.certificate))).code is Code.OK
        assert (await _ask(it, ClientTls(authority.certificate))).code is not Code.OK


@pytest.mark.parametrize("broken", ["half", "garbage", "gone"])
async def test_unusable_new_files_leave_the_last_good_ones_in_use(
    files: TlsSettings, authority: Authority, stranger: Authority, broken: str
) -> None:
    async with running(tls=files) as it:
        match broken:
            case "half":  # the certificate is replaced, its key not yet
                files.certificate.write_bytes(stranger.issue("server").certificate)
            case "garbage":
                files.certificate.write_bytes(b"not a certificate")
            case _:
                files.key.unlink()
        assert (await _ask(it, ClientTls(authority.certificate))).code is Code.OK
        authority.issue("server").write(files.certificate, files.key)
        assert (await _ask(it, ClientTls(authority.certificate))).code is Code.OK


async def test_with_a_client_ca_only_its_certificates_may_call(
    files: TlsSettings, authority: Authority, stranger: Authority, tmp_path: Path
) -> None:
    client_ca = tmp_path / "clients.crt"
    client_ca.write_bytes(authority.certificate)

    def tls(pair: Pair | None) -> ClientTls:
        if pair is None:
            return ClientTls(authority.certificate)
        return ClientTls(authority.certificate, pair.certificate, pair.key)

    async with running(tls=files.model_copy(update={"client_ca": client_ca})) as it:
        assert (await _ask(it, tls(authority.issue("client")))).code is Code.OK
        for pair in (None, stranger.issue("client")):
            assert (await _ask(it, tls(pair))).code in (Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED)
        assert len(it.echo.calls) == 1


def test_nothing_changed_is_nothing_new(files: TlsSettings) -> None:
    certificates = Certificates(files)
    certificates.credentials()
    assert certificates._changed() is None
    files.certificate.touch()
    assert certificates._changed() is not None
    assert certificates._changed() is None


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"])
def test_files_that_cannot_be_used_are_refused_at_the_start(
    files: TlsSettings, content: bytes | None
) -> None:
    if content is None:
        files.certificate.unlink()
    else:
        files.certificate.write_bytes(content)
    with pytest.raises(SettingsError, match="PALISADE_GRPC__TLS"):
        Certificates(files).credentials()
