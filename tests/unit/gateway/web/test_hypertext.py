"""HTML of ours as a tree: what a page may build, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.text import to_html
from gateway.web.hypertext import KNOWN, Node, tree_of


def texts(nodes: list[Node]) -> str:
    return "".join(one if isinstance(one, str) else texts(one["children"]) for one in nodes)


def test_elements_keep_their_order_and_text_stays_text() -> None:
    assert tree_of("<p>a <b>&lt;b&gt;</b><br>c</p>") == [
        {
            "tag": "p",
            "href": None,
            "children": [
                "a ",
                {"tag": "b", "href": None, "children": ["<b>"]},
                {"tag": "br", "href": None, "children": []},
                "c",
            ],
        }
    ]


def test_a_link_that_is_none_loses_its_address_and_unknown_elements_leave_their_words() -> None:
    (link, words) = tree_of('<a href="javascript:x()">a</a><marquee onclick="x">b</marquee></p>')
    assert link == {"tag": "a", "href": None, "children": ["a"]}
    assert words == "b"


@given(st.text(alphabet="ab <>/p\"'=&;!-\n", max_size=80))
def test_whatever_comes_only_known_elements_are_made(source: str) -> None:
    def tags(nodes: list[Node]) -> set[str]:
        held = [one for one in nodes if not isinstance(one, str)]
        return {one["tag"] for one in held} | {tag for one in held for tag in tags(one["children"])}

    assert tags(tree_of(source)) <= KNOWN
    assert tags(tree_of(to_html(source))) <= KNOWN
