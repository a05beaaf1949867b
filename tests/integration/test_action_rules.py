"""What ``gateway check`` says of actions that would never come about."""

from pathlib import Path

from gateway.safety.action_rules import action_rules
from gateway.settings import Settings, load

ROOT = Path(__file__).parents[2]


def told(folder: Path, words: str) -> list[str]:
    (folder / "config.toml").write_text(words, "utf-8")
    (folder / "knowledge" / "entries").mkdir(parents=True)
    entry = "---\nquestion: 我的礼品包装\naction: run gift_wrap\n---\n请稍等。"
    (folder / "knowledge" / "entries" / "gift.md").write_text(entry, "utf-8")
    return said(load(folder / "config.toml", environ={}))


def said(settings: Settings) -> list[str]:
    found = list(action_rules(settings))
    assert all(one.remedy is not None for one in found if one.level != "ok")
    return [f"{one.level}: {one.found.en}" for one in found]


def test_every_action_of_the_sample_can_come_about() -> None:
    assert said(load(ROOT / "config.toml", environ={})) == [
        "ok: The bot may do: order_status, cancel_order, change_address."
    ]


def test_what_never_comes_about_is_named(tmp_path: Path) -> None:
    text = 'text.zh-CN = "{order} {amount}"\nshows = ["order", "amount"]\nlevel = "L2"\n'
    words = (
        '[directory]\nkind = "csv"\ncsv.file = "x.csv"\nfields = { order = "o" }\n'
        f'[actions.gift_wrap]\n{text}[actions.other]\nticket = "change"\n[actions.third]\nticket = "change"\nsubtypes = ["deliverry"]'
    )
    assert told(tmp_path, words) == [
        "note: Triage never says 'deliverry', a sub-type of the action third.",
        "note: Neither an entry nor a sub-type leads to the action other: no customer gets it.",
        "note: The action gift_wrap shows amount, which directory.fields does not read: those lines never appear.",
    ]
