"""Rosters in files: what they may say, and each mistake by its name."""

from pathlib import Path

import pytest

from gateway.settings import Settings
from gateway.settings.roster_file import RosterError, people_of, read_roster, written

HOUSE = Settings().policy().hours
DEPARTMENTS = ("support", "tech")


def roster(folder: Path, text: str) -> Path:
    file = folder / "roster.toml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "agents"),
        ("agents = []", "agents"),
        ("[[agents]]\nname = 'x'", "agents.0.number"),
        ("[[agents]]\nnumber = '1'\nshift = 'late'", "agents.0.shift"),
        ("[[agents]]\nnumber = '1'\ncapacity = { pigeon = 3 }", "agents.0.capacity.pigeon"),
        ("[[agents]]\nnumber = '1'\ncapacity = { chat = -1 }", "agents.0.capacity.chat"),
        ("[[agents]]\nnumber = '1'\nline = 3", "agents.0.line"),
        ("[[agents", "roster.toml"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(RosterError) as caught:
        read_roster(roster(tmp_path, text))
    assert named in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="there is no such file"):
        read_roster(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[agents]]\nnumber = '1'\ndepartments = ['nowhere']", "no department nowhere"),
        ("[[agents]]\nnumber = '1'\nhours = ['09:00-18:00']", "seven days"),
        ("[[agents]]\nnumber = '1'\nhours = ['9 to 5', '', '', '', '', '', '']", "a slot such as"),
        ("[[agents]]\nnumber = '1'\n[[agents]]\nnumber = '1'", "named twice"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RosterError, match=said):
        people_of(read_roster(roster(tmp_path, text)), {}, DEPARTMENTS, HOUSE)


def test_a_capacity_of_nothing_is_allowed_and_an_unknown_agent_is_told(tmp_path: Path) -> None:
    file = roster(tmp_path, "[[agents]]\nnumber = '1'\ncapacity = { chat = 0 }")
    people, unknown = people_of(read_roster(file), {}, DEPARTMENTS, HOUSE)
    assert (people[0].capacity, unknown) == ({"chat": 0}, ["1"])


def test_what_is_written_is_read_as_the_same_people(tmp_path: Path) -> None:
    text = (
        "[[agents]]\nnumber = '1'\nskills = ['refund', '发票']\ndepartments = ['tech']\nline = 2\n"
        "capacity = { chat = 2 }\nhours = ['09:00-12:00,13:00-18:00', '', '', '', '', '', '']\n"
        "[[agents]]\nnumber = '2'\nrole = 'supervisor'\nsupervises = ['tech']\n"
    )
    known = {"1": 1, "2": 2}
    people, _ = people_of(read_roster(roster(tmp_path, text)), known, DEPARTMENTS, HOUSE)
    week = [["09:00-12:00", "13:00-18:00"], [], [], [], [], [], []]
    again = written(list(zip(people, (week, None), strict=True)))
    assert people_of(read_roster(roster(tmp_path, again)), known, DEPARTMENTS, HOUSE)[0] == people
