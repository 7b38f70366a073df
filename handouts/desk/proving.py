"""Proof that whoever listens on a port knows a token, which nobody has to say for it."""

from __future__ import annotations

import hmac


def proof(token: str, nonce: str) -> str:
    """What only who knows ``token`` can answer to ``nonce`` (RFC 2104)."""
    return hmac.new(token.encode(), nonce.encode(), "sha256").hexdigest()
