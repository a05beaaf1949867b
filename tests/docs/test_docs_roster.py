"""The sample roster of the how-to can be read and played as it stands."""

import re
from pathlib import Path

from gateway.settings import Settings
from gateway.settings.roster_file import people_of, read_roster

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "simulate-a-roster.md"


def test_the_sample_roster_is_read_as_the_page_says(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (tmp_path / "roster.toml").write_text(block, "utf-8")
    settings = Settings()
    people, unknown = people_of(
        read_roster(tmp_path / "roster.toml"),
        {"1001": 7},
        tuple(settings.departments),
        settings.policy().hours,
    )
    assert [one.number for one in people] == ["1001", "1002", "3001-1", "3001-2", "3001-3", "2001"]
    assert people[0].id == 7
    assert unknown == ["1002", "3001-1", "3001-2", "3001-3", "2001"]
    assert people[1].hours is not None
    assert people[-1].is_supervisor
