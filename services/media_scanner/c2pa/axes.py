"""What validation found, on four axes that say different things (C2PA 2.4, status codes).

A manifest may fit its picture and be signed by nobody we know, or be signed by a known
name and belong to another picture. One word for all of it would hide that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.media_scanner.c2pa.manifest import ValidationCodes

_HARD_BINDINGS = (
    "assertion.dataHash",
    "assertion.bmffHash",
    "assertion.boxesHash",
    "assertion.collectionHash",
)
_BOUND = frozenset(f"{kind}.match" for kind in _HARD_BINDINGS)
_UNBOUND = frozenset({f"{kind}.mismatch" for kind in _HARD_BINDINGS} | {"claim.hardBindings.missing"})
_ALTERED = frozenset({"claimSignature.mismatch", "claimSignature.missing", "assertion.hashedURI.mismatch"})
_OVER = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})
_COUNTERSIGNED = frozenset({"timeStamp.trusted", "timeStamp.validated"})


class Binding(StrEnum):
    """Does the manifest belong to these bytes?"""

    INTACT = "intact"
    MISMATCH = "mismatch"
    UNKNOWN = "unknown"


class Signature(StrEnum):
    """Is the claim, with its assertions, as it was signed?"""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Trust(StrEnum):
    """Does the signer's certificate lead to a list we trust?"""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    INVALID = "invalid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class Time(StrEnum):
    """Was it signed while the certificate was valid?"""

    TIMESTAMPED = "timestamped"
    INSIDE_VALIDITY = "inside_validity"
    OUTSIDE_VALIDITY = "outside_validity"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Axes:
    """The four answers for a file's active manifest."""

    binding: Binding
    signature: Signature
    trust: Trust
    time: Time

    @property
    def contradicted(self) -> bool:
        """The file carries credentials that are not, or no longer, about this file."""
        return self.binding is Binding.MISMATCH or self.signature is Signature.INVALID


def axes(codes: ValidationCodes) -> Axes:
    """Read the axes off the status codes."""
    return Axes(_binding(codes), _signature(codes), _trust(codes), _time(codes))


def _binding(codes: ValidationCodes) -> Binding:
    if codes.failure & _UNBOUND:
        return Binding.MISMATCH
    return Binding.INTACT if codes.success & _BOUND else Binding.UNKNOWN


def _signature(codes: ValidationCodes) -> Signature:
    if codes.failure & _ALTERED:
        return Signature.INVALID
    return Signature.VALID if "claimSignature.validated" in codes.success else Signature.UNKNOWN


def _trust(codes: ValidationCodes) -> Trust:
    if "signingCredential.trusted" in codes.success:
        return Trust.TRUSTED
    found = codes.failure | codes.informational
    for trust in (Trust.REVOKED, Trust.INVALID, Trust.UNTRUSTED):
        if any(code.startswith("signingCredential") and code.endswith(f".{trust}") for code in found):
            return trust
    return Trust.UNKNOWN


def _time(codes: ValidationCodes) -> Time:
    if (codes.failure | codes.informational) & _OVER:
        return Time.OUTSIDE_VALIDITY
    if codes.success & _COUNTERSIGNED:
        return Time.TIMESTAMPED
    return Time.INSIDE_VALIDITY if "claimSignature.insideValidity" in codes.success else Time.UNKNOWN
