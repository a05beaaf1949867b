"""Mails broken at random: none may crash the reader, and each must be read within bounded time.

    python -m benchmarks.mail_fuzz [--count 20000] [--seed 1] [FOLDER …]

Folders hold ``*.eml``; without any, the captured mails of the tests are taken. Prints one JSON object.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

from adapters.contract import Unreadable
from adapters.mail.letter import pack, unpack
from adapters.mail.mime import read

SEEDS = Path(__file__).parents[1] / "tests" / "contract" / "mail" / "payloads"
_PIECES = (
    b"\0", b"\r", b"\n", b"\r\n\r\n", b"--", b"=?", b"?=", b"=?utf-8?B?", b"<", b">", b"\xff\xfe", b"\x1b$B", b"~{",
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"Content-Transfer-Encoding: base64\n", b"begin 644 x\n",
    b"Content-Type: message/rfc822\n\n", b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22", b"BEGIN:VEVENT\n",
    b"charset=gb2312", b"charset=utf-7", b"boundary=", b"-----BEGIN PGP SIGNED MESSAGE-----\n", b">" * 300,
    b"Content-Type: application/pkcs7-mime\n\n\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", b"(" * 200,
)  # fmt: skip


def mutated(raw: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return ``raw`` with one to six things wrong with it."""
    out = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(7):
            case 0:
                del out[at : at + chance.choice((1, 2, 10, 200, 5000))]
            case 1:
                out[at:at] = chance.choice(_PIECES)
            case 2:
                out[at : at + 1] = bytes((chance.randrange(256),))
            case 3:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                out[at:at] = other[start : start + chance.choice((20, 500, 20_000))]
            case 4:
                stretch = bytes(out[at : at + chance.choice((10, 300))])
                out[at:at] = stretch * chance.choice((2, 20, 100))
            case 5:
                del out[at:]
            case _:
                out = bytearray(bytes(out).replace(b"\r\n", chance.choice((b"\n", b"\r", b"\r\r\n"))))
    return bytes(out[:2_000_000])


def run(seeds: Sequence[bytes], count: int, seed: int) -> dict[str, float | int | list[str]]:
    """Return how ``count`` broken mails were read: how many crashed it, and how long the slowest took."""
    chance = random.Random(seed)
    crashes: list[str] = []
    times: list[float] = []
    unreadable = 0
    for number in range(count):
        raw = mutated(chance.choice(seeds), seeds, chance)
        started = time.perf_counter()
        try:
            unpack(pack(read(raw)))
        except Unreadable:
            unreadable += 1
        except Exception as error:  # any other one is the crash that is looked for
            crashes.append(f"{number}: {type(error).__name__}: {error}"[:200])
        times.append(time.perf_counter() - started)
    times.sort()
    return {
        "mails": count,
        "crashes": len(crashes),
        "unreadable": unreadable,
        "p50_ms": round(times[len(times) // 2] * 1000, 2),
        "p99_ms": round(times[int(len(times) * 0.99)] * 1000, 2),
        "slowest_ms": round(times[-1] * 1000, 1),
        "first_crashes": crashes[:10],
    }


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=[SEEDS])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    seeds = [file.read_bytes() for folder in asked.folders for file in sorted(folder.glob("*.eml"))]
    print(json.dumps(run([it for it in seeds if len(it) < 400_000], asked.count, asked.seed)))


if __name__ == "__main__":
    main()
