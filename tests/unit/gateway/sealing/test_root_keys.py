"""Root keys as files hold them, and what they wrap."""

import pytest

from gateway.sealing.cells import Unreadable, new_key, to_text
from gateway.sealing.roots import format_roots, new_root, parse_roots, root_key, unwrap, wrap


def test_a_file_of_root_keys_is_read_newest_first() -> None:
    new, old = new_root(), new_root()
    text = f"# made in 2027\n{format_roots((new, old))}\n"
    assert [root.kid for root in parse_roots(text)] == [new.kid, old.kid]
    assert parse_roots(text)[1].secret == old.secret


@pytest.mark.parametrize(
    "line", ["", "# nothing", "secret", to_text(bytes(31)), to_text(bytes(32)), "ä" * 43]
)
def test_what_is_no_root_key_is_refused_without_being_shown(line: str) -> None:
    with pytest.raises(ValueError, match="root key") as refused:
        parse_roots(line)
    assert not line or line not in str(refused.value)


def test_a_wrapped_key_opens_under_its_root_name_and_purpose_only() -> None:
    root, key = new_root(), new_key()
    wrapped = wrap(root, key, "customer")
    assert unwrap(root, key.kid, "customer", wrapped).secret == key.secret
    for by, kid, purpose, cell in (
        (root, key.kid, "audit", wrapped),
        (root, new_key().kid, "customer", wrapped),
        (new_root(), key.kid, "customer", wrapped),
        (root, key.kid, "customer", wrapped[:-4] + "AAAA"),
        (root, key.kid, "customer", "nothing!"),
    ):
        with pytest.raises(Unreadable):
            unwrap(by, kid, purpose, cell)


def test_a_root_key_is_known_by_a_name_that_tells_nothing_of_it() -> None:
    root = root_key(bytes(range(32)))
    assert root.kid == root_key(bytes(range(32))).kid != new_root().kid
    assert len(root.kid) == 12
