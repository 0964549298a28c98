"""config/README.md explains every setting and every switch."""

from pydantic import BaseModel

from ivr.configuration import schema
from ivr.configuration.directory import PROJECT_DIRECTORY
from routing.switches import Switches

README = (PROJECT_DIRECTORY / "README.md").read_text("utf-8")
PARTS = [
    part
    for part in vars(schema).values()
    if isinstance(part, type) and issubclass(part, BaseModel) and part.__module__ == schema.__name__
]


def test_every_setting_is_on_the_page() -> None:
    unexplained = {
        name for part in PARTS for name in part.model_fields if not _is_told(name, README)
    } - {"starts", "starts_at", "ends", "ends_at"}  # The ends of hours.weekend, told as one.

    assert unexplained == set()


def test_every_switch_is_on_the_page_with_all_its_values() -> None:
    for key, value in Switches().as_settings().items():
        row = next(line for line in README.splitlines() if line.startswith(f"| `{key}` |"))
        assert all(f"`{word}`" in row for word in value.split(","))


def _is_told(name: str, page: str) -> bool:
    return any(f"{before}{name}{after}" in page for before in "`." for after in "`.")
