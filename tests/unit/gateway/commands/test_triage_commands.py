"""``gateway triage`` and ``triage-train``: one line in, one line out; a model is written and switched on by a setting."""

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from gateway.cli import app
from gateway.commands.triage_train import channel_kinds, house_cases, keep
from gateway.settings import load
from gateway.store.triaging import FirstWords
from gateway.triage.corpus import read_cases
from gateway.triage.evidence import Message
from gateway.triage.train import see

HOLDS = {
    "type": "suggestion", "subtype": "", "urgency": "normal", "anomaly": "none", "department": "support", "needs_identity": "no",
}  # fmt: skip


def lines(text: str, *arguments: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(app, ["triage", "--jsonl", *arguments], input=text)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_one_object_in_is_one_out_in_the_same_order() -> None:
    given = [
        {"id": "a", "text": "我要投诉客服", "subject": None, "channel": "app"},
        {
            "id": "b",
            "text": "My number is 555-0134, where is my parcel?",
            "subject": "Parcel",
            "channel": "email",
        },
        {"id": "c", "text": ""},
    ]
    found = lines("\n".join(map(json.dumps, given)) + "\n\n")
    assert [one["id"] for one in found] == ["a", "b", "c"]
    assert found[0]["type"] == "complaint"
    assert found[1]["department"] == "logistics"
    fields = (
        "id type subtype urgency anomaly department needs_identity sensitive lang confidence because version"
    )
    assert list(found[2]) == fields.split()


def test_a_line_that_is_no_message_is_named() -> None:
    done = CliRunner().invoke(app, ["triage", "--jsonl"], input='{"text": "hi"}\n[1]\n')
    assert done.exit_code == 2
    assert "line 2" in done.output


def test_without_a_message_it_says_how_to_ask() -> None:
    assert CliRunner().invoke(app, ["triage"]).exit_code == 2


def written(folder: Path, model: str) -> Path:
    config = folder / "config.toml"
    config.write_text(
        f'[data]\ndir = "data"\n[triage]\nmodel = "{model}"\n[channels.web]\nkind = "webchat"\n', "utf-8"
    )
    return config


def test_a_trained_model_is_kept_and_decides_only_where_it_is_named(tmp_path: Path) -> None:
    settings = load(written(tmp_path, "none"), environ={})
    own = [
        FirstWords(
            ticket=f"T-{n}", text=f"{word}染成绿色", channel="web", holds=HOLDS, corrected=frozenset({"type"})
        )
        for n, word in enumerate(["苹果", "香蕉", "橙子", "葡萄", "西瓜", "桃子"])
    ]
    shipped = list(
        read_cases("x", [f"none\t\tnormal\tnone\tsupport\tn\tapp\t{word}您好" for word in "甲乙丙丁"])
    )
    lexicon = settings.triager().lexicon
    house = see(house_cases(own, channel_kinds(settings)), lexicon)
    assert house[0].case.message.channel == "web_chat"
    told = keep(settings, see(shipped, lexicon), house).en
    found = re.search(r'model = "([0-9a-f]{12})"', told)
    assert found is not None
    message = Message(text="杏染成绿色", channel="web_chat")
    assert settings.triager().triage(message).type != "suggestion"
    switched = load(written(tmp_path, found[1]), environ={})
    assert switched.triager().triage(message).type == "suggestion"
    assert switched.triager().version.endswith(found[1])


def test_a_department_of_the_house_cannot_be_learned() -> None:
    odd = FirstWords(
        ticket="T", text="x", channel="web", holds=HOLDS | {"department": "fitters"}, corrected=frozenset()
    )
    assert house_cases([odd], {}) == []


def test_there_is_nothing_to_learn_without_corrections(tmp_path: Path) -> None:
    config = written(tmp_path, "none")
    assert CliRunner().invoke(app, ["migrate", "--config", str(config)]).exit_code in (0, 1)
    (tmp_path / "data").mkdir(exist_ok=True)
    assert CliRunner().invoke(app, ["migrate", "--config", str(config)]).exit_code == 0
    done = CliRunner().invoke(app, ["triage-train", "--config", str(config), "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "nothing to learn" in done.output
    assert (
        CliRunner().invoke(app, ["triage-train", "--since", "soon", "--config", str(config)]).exit_code == 2
    )
