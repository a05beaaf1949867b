"""``gateway check`` refuses words that the house forbids, wherever customers may read them."""

from pathlib import Path

from typer.testing import CliRunner

from gateway.cli import app

RUNNER = CliRunner()
CONFIG = '[knowledge]\nfolder = "entries"\nsemantic = "off"\n[words.banned.zh-CN]\n"{word}" = "{better}"\n'


def checked(folder: Path, word: str, entry: str) -> tuple[int, str]:
    (folder / "entries").mkdir()
    (folder / "entries" / "退货.md").write_text(f"---\nquestion: 怎么退货？\n---\n{entry}\n", "utf-8")
    config = folder / "config.toml"
    config.write_text(CONFIG.format(word=word, better="请您放心"), "utf-8")
    result = RUNNER.invoke(app, ["check", "--config", str(config)], env={"LANG": "en_GB.UTF-8"})
    return result.exit_code, result.output


def test_a_banned_word_in_an_entry_is_named_with_file_line_and_a_better_one(tmp_path: Path) -> None:
    code, told = checked(tmp_path, "包您满意", "包您满意，请寄回。")
    assert code == 78
    assert "退货.md:4: The answer says '包您满意'" in told
    assert "请您放心" in told


def test_a_house_that_bans_a_word_of_our_own_is_told_which_sentence_says_it(tmp_path: Path) -> None:
    code, told = checked(tmp_path, "非常抱歉", "请在七天内寄回。")
    assert code == 78
    assert "gateway/texts/zh_CN.po: apology says '非常抱歉'" in told


def test_a_vague_entry_is_told_but_refused_by_nobody(tmp_path: Path) -> None:
    code, told = checked(tmp_path, "包您满意", "我们会尽快退款。")
    assert (code, "'尽快' names no time" in told) == (0, True)


def test_a_clean_house_is_told_how_much_was_read(tmp_path: Path) -> None:
    code, told = checked(tmp_path, "包您满意", "请在七天内寄回。")
    assert (code, "free of banned and vague words" in told) == (0, True)
