"""The static fallback: documents for when this service cannot be reached at all.

Hosted anywhere else and set as each number's fallback address, they let the carrier alone
apologise and take a message. They are made from the live configuration, so nobody has to remember
to change them, and they refer to each other by relative addresses, so any host will do.
"""

from pathlib import Path

from ivr.configuration import Configuration
from ivr.publishing import live
from ivr.services import Services
from ivr.store.engine import reading
from ivr.twilio.static_documents import static_apology, static_thanks
from routing.regions import Line

RECORDED = "recorded.xml"


class FallbackDocuments:
    """Keeps the documents in the instance's folder in step with the live configuration."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._written: int | None = None

    def refresh(self) -> None:
        """Write them if another revision has gone live since the last time."""
        with reading(self._services.engine) as connection:
            published = live(connection)
        if published.revision_id != self._written:
            folder = self._services.settings.instance / "fallback"
            write_fallback(folder, published.configuration)
            self._written = published.revision_id


def write_fallback(folder: Path, configuration: Configuration) -> list[Path]:
    """Write one document per line and the one that follows them; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"incoming.xml": _apology(configuration, configuration.default_line)}
    for number, line in configuration.lines.items():
        texts[f"{number.removeprefix('+')}.xml"] = _apology(configuration, line)
    region = configuration.default_line.region
    thanks = configuration.prompts.text(region.language, "fallback_thanks")
    texts[RECORDED] = static_thanks(thanks, region.language, region.voice)
    written = []
    for name, text in texts.items():
        path = folder / name
        temporary = path.with_suffix(".part")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
        written.append(path)
    return written


def _apology(configuration: Configuration, line: Line) -> str:
    region = line.region
    text = configuration.prompts.text(
        region.language, "fallback_apology", help_desk=region.help_desk
    )
    seconds = configuration.voicemail.max_seconds
    return static_apology(text, region.language, region.voice, RECORDED, seconds)
