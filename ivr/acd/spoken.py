"""What technicians hear: sentences of the catalogue, always in English."""

from collections.abc import Iterable

from callflows.verbs import Say
from ivr.configuration import Configuration

LANGUAGE = "en"


def text(configuration: Configuration, name: str, /, **values: str) -> str:
    """A prompt of the catalogue with its values filled in."""
    return configuration.prompts.text(LANGUAGE, name, **values)


def said(configuration: Configuration, texts: Iterable[str]) -> list[Say]:
    """These sentences, one after the other, in the voice of the language."""
    voice = configuration.voices.get(LANGUAGE, "")
    return [Say(each, LANGUAGE, voice) for each in texts]


def says(configuration: Configuration, name: str, /, **values: str) -> list[Say]:
    """One prompt, to be spoken."""
    return said(configuration, [text(configuration, name, **values)])
