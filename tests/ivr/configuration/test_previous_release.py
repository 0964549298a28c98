"""What the previous release published goes on serving callers: `previous_release/` is its files.

Replaced by the next release's configuration when that is out, and never edited.
"""

from pathlib import Path

import pytest

from callflows.wording import SERVICE_PROMPTS, TECHNICIAN_PROMPTS
from ivr.configuration.directory import read_directory
from ivr.configuration.loader import load_published

FILES = read_directory(Path(__file__).parent / "previous_release")
PROMPTS = "callflows/prompts/en.yaml"


def test_its_configuration_loads() -> None:
    loaded = load_published(FILES)

    assert loaded.files == FILES
    assert loaded.flow.name == "support"


def test_its_own_wording_is_kept() -> None:
    own = FILES[PROMPTS].replace('goodbye: "Goodbye."', 'goodbye: "So long."')
    own = own.replace('staff_goodbye: "Sorry. Goodbye."', 'staff_goodbye: "Bye."')

    prompts = load_published({**FILES, PROMPTS: own}).prompts

    assert prompts.text("en", "goodbye") == "So long."
    assert prompts.text("en", "staff_goodbye") == "Bye."


@pytest.mark.parametrize("name", [*SERVICE_PROMPTS, *TECHNICIAN_PROMPTS])
def test_a_sentence_it_lacks_is_this_releases(name: str) -> None:
    lines = FILES[PROMPTS].splitlines(keepends=True)
    without = "".join(line for line in lines if not line.startswith(f"{name}:"))

    prompts = load_published({**FILES, PROMPTS: without}).prompts

    assert prompts.language_of("en", name) == "en"
