"""A certificate authority of one's own and pictures signed under it, for the demo and the tests.

Keys are made on the spot and never leave the process; nothing outside trusts them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_VALID_FOR = timedelta(days=30)
_SETTINGS = {
    "version": 1,
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": False},
    "builder": {"thumbnail": {"enabled": False}},
}


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A picture that went into another one; `relationship` is parentOf, componentOf or inputTo."""

    content: bytes
    media_type: str
    relationship: str = "parentOf"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a manifest shall say.

    Attributes:
        source_type: name of an IPTC digital source type, or empty for none.
        remote_url: where set, the manifest is not embedded and the file names this address only.
    """

    title: str = "picture"
    generator: str = "Palisade Demo"
    agent: str = "Example Image Model"
    action: str = "c2pa.created"
    source_type: str = "trainedAlgorithmicMedia"
    ingredients: Sequence[Ingredient] = field(default_factory=tuple)
    remote_url: str = ""

    def manifest(self) -> str:
        """The definition that the SDK's builder reads."""
        action: dict[str, object] = {"action": self.action, "softwareAgent": {"name": self.agent}}
        if self.ingredients and self.action == "c2pa.opened":
            action["parameters"] = {"ingredientIds": [_ingredient_id(0)]}
        if self.source_type:
            action["digitalSourceType"] = _SOURCE_TYPES + self.source_type
        actions = {"label": "c2pa.actions.v2", "data": {"actions": [action]}}
        definition = {
            "title": self.title,
            "claim_generator_info": [{"name": self.generator, "version": "1.0"}],
            "assertions": [actions],
        }
        return json.dumps(definition)


@dataclass(frozen=True, slots=True)
class Authority:
    """A root certificate and one signer below it.

    Attributes:
        anchors: the root as PEM, to be trusted or not.
        chain: signer and root as PEM, as they are embedded.
    """

    anchors: str
    chain: str
    key: str

    @classmethod
    def create(cls, name: str = "Palisade Test CA", *, expired: bool = False) -> Self:
        """Make root and signer now; `expired` gives a signer whose time is over."""
        end = datetime.now(UTC) + (-timedelta(days=1) if expired else _VALID_FOR)
        root_key, signer_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root_name = _name(f"{name} Root")
        root = _certificate(root_name, root_name, root_key, root_key, end + _VALID_FOR, authority=True)
        signer = _certificate(_name(name), root_name, signer_key, root_key, end, authority=False)
        return cls(_pem(root), _pem(signer) + _pem(root), _private(signer_key))

    def sign(self, content: bytes, media_type: str, claim: Claim) -> bytes:
        """The picture with its manifest embedded, signed by ES256 without a timestamp."""
        info = c2pa.C2paSignerInfo(b"es256", self.chain.encode(), self.key.encode(), None)
        target = io.BytesIO()
        context = c2pa.Context.from_dict(_SETTINGS)
        with (
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(claim.manifest(), context=context) as builder,
        ):
            for number, ingredient in enumerate(claim.ingredients):
                described = {
                    "title": "ingredient",
                    "relationship": ingredient.relationship,
                    "label": _ingredient_id(number),
                }
                content_of = io.BytesIO(ingredient.content)
                builder.add_ingredient(json.dumps(described), ingredient.media_type, content_of)
            if claim.remote_url:
                builder.set_no_embed()
                builder.set_remote_url(claim.remote_url)
            builder.sign(signer, media_type, io.BytesIO(content), target)
        return target.getvalue()


def _ingredient_id(number: int) -> str:
    return f"ingredient-{number}"


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Palisade Demo"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    end: datetime,
    *,
    authority: bool,
) -> x509.Certificate:
    """A certificate that meets C2PA's profile: a signer may sign e-mail and nothing else."""
    public = key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - 3 * _VALID_FOR)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .add_extension(_usage(authority=authority), critical=True)
    )
    if not authority:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _private(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
