"""One-time codes of an authenticator app (RFC 6238), the picture it scans, and recovery codes. Pure."""

import base64
import hmac
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime

import pyotp

ISSUER = "Intake Gateway"
CODES = 10
_CODE_BYTES = 10


def new_secret(chance: Callable[[int], bytes]) -> str:
    """Return 160 random bits as authenticators take them."""
    return base64.b32encode(chance(20)).decode()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step that ``code`` belongs to: the present one, the last, or the next. None if to none of them."""
    digits = re.sub(r"\s", "", unicodedata.normalize("NFKC", code))
    totp = pyotp.TOTP(secret)
    found = None
    for step in (totp.timecode(now) + drift for drift in (-1, 0, 1)):
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode("utf-8", "surrogateescape")):
            found = step
    return found


def address_of(secret: str, login: str) -> str:
    """Return what an authenticator reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def picture_of(address: str) -> tuple[int, str]:
    """Return a QR code's width in modules, and one SVG path (``d``) that draws it: no markup travels."""
    import segno

    matrix = segno.make_qr(address).matrix
    parts = [
        f"M{start} {y}h{end - start}v1h{start - end}z"
        for y, row in enumerate(matrix)
        for start, end in _runs(row)
    ]
    return len(matrix), "".join(parts)


def new_codes(chance: Callable[[int], bytes]) -> list[str]:
    """Return ten recovery codes of 80 random bits each, such as ``ABCD-EFGH-JKLM-NPQR``."""
    texts = [base64.b32encode(chance(_CODE_BYTES)).decode() for _ in range(CODES)]
    return ["-".join(text[at : at + 4] for at in range(0, len(text), 4)) for text in texts]


def plain_code(given: str) -> str:
    """Return a recovery code as it is kept: without the strokes, whatever the case; empty if it is none."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", given)).upper()
    return plain if re.fullmatch(r"[A-Z2-7]{16}", plain) else ""


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    """Return where dark modules begin and end."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and runs[-1][1] == x:
            runs[-1] = (runs[-1][0], x + 1)
        elif dark:
            runs.append((x, x + 1))
    return runs
