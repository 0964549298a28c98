"""Whole calls as pages of text: what is done is played, what is heard must be what is written."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.acd.callback_list import list_callbacks
from ivr.carrier.phones import Phone
from ivr.carrier.transcripts import Transcript, parse, play
from ivr.store.engine import reading
from ivr.ticket_import import read_tickets
from routing.tickets import Entitlement, Ticket, TicketStatus
from tests.calling_back import raise_ticket
from tests.ivr.rooming import republish
from tests.line import LineUnderTest

EXAMPLES = Path(__file__).parents[2] / "examples" / "tickets.csv"
PAGES = sorted(Path(__file__).parent.glob("*.txt"))
# The facts at the foot of every page, of each call in the order they came.
FACTS = ("outcome", "rule", "ticket", "disposition", "technician", "voicemail_id", "callback_id")


def test_every_way_a_call_can_end_has_its_page() -> None:
    names = {page.stem for page in PAGES}

    assert names >= {
        "bridged",
        "refused_then_bridged",
        "own_voicemail_then_bridged",
        "abandoned_in_the_menu",
        "abandoned_in_the_queue",
        "overflow_to_voicemail",
        "closed_with_voicemail",
        "weekend_severity_2",
        "wrong_number_three_times",
        "silence",
        "desk_down",
        "duty_manager",
        "called_back",
        "weekend_callback",
        "transferred_to_a_queue",
        "transferred_to_a_target",
        "transferred_to_nobody",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_call_goes_as_written(
    page: Path, engine: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    transcript = parse(page.read_text(encoding="utf-8"))
    line, phones = _set_up(transcript, engine, tmp_path)

    written = play(transcript, line.exchange, phones, lambda: _facts(line))

    comment = [text for text in page.read_text().splitlines() if text.startswith("#")]
    written = "\n".join([*comment, written])
    if request.config.getoption("--rewrite"):
        page.write_text(written, encoding="utf-8")
    assert written == page.read_text(encoding="utf-8")
    assert line.violations() == []
    assert not line.exchange.ledger.of("app_error_played")


def _set_up(
    transcript: Transcript, engine: Engine, folder: Path
) -> tuple[LineUnderTest, dict[str, Phone]]:
    at = next(rest for word, rest in transcript.settings if word == "at")
    line = LineUnderTest(engine, folder / "instance", datetime.fromisoformat(at))
    # The examples are there without being named, so that a call saved in the demonstration plays.
    for ticket in read_tickets(EXAMPLES.read_bytes(), list(line.configuration.products)):
        line.desk.put(ticket)
    phones = {"caller": line.caller()}
    for word, rest in transcript.settings:
        match word, rest.split():
            case "desk", ["down"]:
                line.desk.down = True
            case "desk", [number, *attributes]:
                line.desk.put(_ticket(number, attributes))
            case "tech", [name, number, *behaviour]:
                phones[name] = line.technician(name, number)
                if behaviour:
                    phones[name].voicemail_greets(" ".join(behaviour))
            case "duty", [*people]:
                pairs = list(zip(people[::2], people[1::2], strict=True))
                managers = line.duty_managers(*pairs)
                phones |= {phone.name: phone for phone in managers}
            case "phone", [name, number]:
                phones[name] = line.exchange.phone(number, name)
            case "line", [key, *_]:
                # A block of line.yaml that is empty in the first edition.
                republish(line, {f"\n{key} {{}}\n": f"\n{rest}\n"})
            case _:
                pass
    _raise_tickets(line, [rest for word, rest in transcript.settings if word == "event"])
    return line, phones


def _raise_tickets(line: LineUnderTest, numbers: list[str]) -> None:
    for number in numbers:
        assert raise_ticket(line, number, f"e-{number}").status_code == 200


def _ticket(number: str, attributes: list[str]) -> Ticket:
    told = dict(attribute.split("=", 1) for attribute in attributes)
    return Ticket(
        number,
        TicketStatus(told.get("status", "open")),
        int(told.get("severity", "3")),
        told.get("product", "vsa"),
        organisation=told.get("organisation"),
        requester_zone=told.get("zone"),
        requester_phone=told.get("phone"),
        entitlement=Entitlement(told.get("entitlement", "active")),
    )


def _facts(line: LineUnderTest) -> Iterator[str]:
    # Let status callbacks, fetches and mail settle, as they do a moment after a call.
    line.exchange.run_for(90)
    for call in line.calls():
        for name in FACTS:
            value = getattr(call, name)
            if value is not None:
                yield f"{name} {value}"
    with reading(line.engine) as connection:
        for callback in list_callbacks(connection):
            yield f"callback {callback.state} for {callback.origin} by {callback.technician}"
    for recipients, subject, _body in line.mail.sent:
        yield f"mail to {', '.join(recipients)}: {subject}"
