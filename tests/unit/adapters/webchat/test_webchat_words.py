import pytest

from adapters.webchat.problems import STATUS
from adapters.webchat.words import TITLES, language, preferred, title


@pytest.mark.parametrize(
    ("accept", "first"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en;q=0.3, zh-TW", "zh-TW"),
        ("*", None),
        ("", None),
        ("en;q=0", None),
        ("en;q=x, de", "de"),
        ("en_US;q=1,fr", "fr"),
    ],
)
def test_the_first_language_by_weight_is_preferred(accept: str, first: str | None) -> None:
    assert preferred(accept) == first


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh-TW", "zh-TW"),
        ("zh-Hant-HK", "zh-TW"),
        ("zh-Hans", "zh-CN"),
        ("zh", "zh-CN"),
        (None, "zh-CN"),
        ("en-GB", "en"),
        ("de", "en"),
    ],
)
def test_who_reads_no_chinese_is_addressed_in_english(tag: str | None, expected: str) -> None:
    assert language(tag) == expected


def test_every_refusal_has_its_sentence_in_every_language() -> None:
    assert set(STATUS) <= set(TITLES)
    assert all(zh and tw and en and en not in (zh, tw) for zh, tw, en in TITLES.values())


def test_taiwan_is_refused_in_its_own_characters() -> None:
    assert title("bad-upload", "zh-TW") == "請用 multipart/form-data 上傳一個檔案，欄位名為 file。"
    assert title("bad-upload", "en") == TITLES["bad-upload"][2]
