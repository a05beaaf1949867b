"""Entries with every sign an editor may put into them, for tests that write and read them."""

from datetime import date

from hypothesis import strategies as st

from knowledge.entry import KINDS, LEVELS, Action, KnowledgeEntry, Wording

SIGNS = st.characters(codec="utf-8", exclude_characters="\x00\r")
IN_XML = st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff") | st.just(
    "\n"
)
TRICKY = st.sampled_from(
    ["- x", "a: b", "#", "---", "null", "yes", "[a", "{", "'", '"', "a # b", "标准问法：x", "— y", "\\n", "1", "~", "&a", "*a", "!x", "%", "@", "`"]
)  # fmt: skip
TEXTS = (st.text(SIGNS, max_size=40) | TRICKY).map(str.strip).filter(bool)
DATES = st.none() | st.dates(date(2000, 1, 1))


@st.composite
def entries(draw: st.DrawFn, signs: st.SearchStrategy[str] = SIGNS) -> KnowledgeEntry:
    """An entry in one to three languages, any of its fields set."""
    texts = (st.text(signs, max_size=40) | TRICKY).map(str.strip).filter(bool)
    lists = st.lists(texts, max_size=3).map(tuple)

    def wording(lang: str) -> Wording:
        return Wording(
            lang=lang,
            question=draw(texts),
            answer=draw(texts),
            phrasings=draw(lists),
            not_for=draw(lists),
            channel_answers=draw(st.dictionaries(texts, texts, max_size=2)),
            must=draw(lists),
            must_not=draw(lists),
        )

    languages = ["zh-CN", *draw(st.sampled_from([[], ["en"], ["en", "zh-TW"]]))]
    return KnowledgeEntry(
        id="entry",
        wordings={lang: wording(lang) for lang in languages},
        kind=draw(st.sampled_from(KINDS)),
        applies_to=draw(
            lists.map(lambda found: tuple(text for text in found if text not in ("售前", "售后")))
        ),
        owner=draw(texts | st.just("")),
        author=draw(texts | st.just("")),
        editor=draw(texts | st.just("")),
        created=draw(DATES),
        updated=draw(DATES),
        review_by=draw(DATES),
        valid_from=draw(DATES),
        valid_until=draw(DATES),
        level=draw(st.sampled_from(LEVELS)),
        channels=draw(lists),
        choices=draw(lists),
        action=draw(
            st.none()
            | st.sampled_from(
                [Action(kind="open_ticket", value="aftersale"), Action(kind="run", value="order_status")]
            )
        ),
    )
