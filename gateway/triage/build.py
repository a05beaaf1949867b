"""``python -m gateway.triage.build``: train the model that ships, from the cases that ship."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from gateway.triage.corpus import Case, shipped_cases
from gateway.triage.lexicon import Lexicon
from gateway.triage.model import SHIPPED, packed
from gateway.triage.read_rules import shipped
from gateway.triage.train import How, Seen, see, train


def built(cases: tuple[Case, ...], lexicon: Lexicon) -> bytes:
    """Return the model file that these cases and rules make."""
    return packed_from(see(cases, lexicon), lexicon, {})


def packed_from(
    seen: Sequence[Seen], lexicon: Lexicon, about: Mapping[str, str], counts: Sequence[float] | None = None
) -> bytes:
    """Return the model file learned from ``seen``; ``about`` is kept in it for people, ``counts`` says how often each counts."""
    learned = train(seen, How(), counts)
    trained = {"cases": str(len(seen)), "rules": lexicon.version, **about}
    return packed(learned.names, learned.named, learned.pieces, trained)


def main() -> None:
    """Write the model beside this file."""
    content = built(shipped_cases(), shipped())
    (Path(__file__).parent / SHIPPED).write_bytes(content)
    print(f"{SHIPPED}: {len(content):,} bytes from {len(shipped_cases())} cases")


if __name__ == "__main__":
    main()
