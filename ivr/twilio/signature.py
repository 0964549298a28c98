"""Is this request really from our carrier? Twilio's signature, checked plainly and fail-closed.

Twilio signs the address it was told to call, followed by every form field sorted by name, with
the account's token. The address is therefore the configured public one plus the path as it
came over the wire; what a proxy says in headers is never believed. `twilio.request_validator`
is the oracle of the tests, at ten times the cost.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

DEFAULT_PORTS = {"https": 443, "http": 80}


def wire_address(public_base_url: str, environ: Mapping[str, object]) -> str:
    """The address the carrier called: our public one and the path exactly as it was sent."""
    path = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    return public_base_url + str(path)


def is_signed(
    address: str, fields: Mapping[str, Sequence[str]], signature: str, tokens: Sequence[str]
) -> bool:
    """Whether `signature` was made for this address and these fields with one of our tokens.

    Two tokens are accepted while one is being rotated. `fields` has every value of every form
    field; a name sent twice counts each different value once.
    """
    if not signature or not tokens:
        return False
    signed_fields = "".join(
        name + value for name in sorted(fields) for value in sorted(set(fields[name]))
    )
    given = signature.encode("utf-8", "replace")
    candidates = [
        _sign(form + signed_fields, token) for form in _port_forms(address) for token in tokens
    ]
    # Every candidate is compared, so the time taken says nothing about which one matched.
    matches = [hmac.compare_digest(candidate, given) for candidate in candidates]
    return any(matches)


def _sign(text: str, token: str) -> bytes:
    digest = hmac.digest(token.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(digest)


def _port_forms(address: str) -> tuple[str, ...]:
    """The address with and without its port: Twilio drops the port of https addresses."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    bare = host.rpartition(":")[0] if parts.port else host
    with_port = f"{bare}:{parts.port or DEFAULT_PORTS.get(parts.scheme, 443)}"
    rest = address[address.index(parts.netloc) + len(parts.netloc) :] if parts.netloc else ""
    return tuple(f"{parts.scheme}://{form}{rest}" for form in (bare, with_port))
