"""config/README.md explains every setting and every switch."""

from collections.abc import Iterator

from ivr.configuration.directory import PROJECT_DIRECTORY
from ivr.configuration.part import Part
from ivr.configuration.schema import LineFile
from routing.switches import Switches

README = (PROJECT_DIRECTORY / "README.md").read_text("utf-8")


def parts(below: type[Part]) -> Iterator[type[Part]]:
    """Every kind of part there is."""
    for part in below.__subclasses__():
        yield part
        yield from parts(part)


def test_every_setting_is_on_the_page() -> None:
    kinds = list(parts(Part))
    unexplained = {
        name for part in kinds for name in part.model_fields if not _is_told(name, README)
    } - {"starts", "starts_at", "ends", "ends_at"}  # The ends of hours.weekend, told as one.

    assert LineFile in kinds
    assert unexplained == set()


def test_every_switch_is_on_the_page_with_all_its_values() -> None:
    for key, value in Switches().as_settings().items():
        row = next(line for line in README.splitlines() if line.startswith(f"| `{key}` |"))
        assert all(f"`{word}`" in row for word in value.split(","))


def _is_told(name: str, page: str) -> bool:
    return any(f"{before}{name}{after}" in page for before in "`." for after in "`.")
