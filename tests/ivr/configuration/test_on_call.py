"""Rotas and chains as line.yaml tells them."""

from datetime import UTC, datetime

from ivr.configuration.directory import LINE_FILE
from ivr.configuration.loader import load_configuration
from routing.rotas import Override, Swap
from tests.ivr.configuration.first_edition import FILES, edited, problems_of, with_line

CHANGES = """\
  duty-manager:
    zone: America/New_York
    overrides:
      - begins: "2026-12-24T18:00:00-05:00"
        until: "2026-12-26T08:00:00-05:00"
        who: [Ngaire.Scott@example.com]
        reason: Christmas
    swaps:
      - begins: "2026-12-01T00:00:00Z"
        until: "2026-12-08T00:00:00Z"
        between: [pieter.dewit@example.com, Ruth.Okafor@example.com]
        reason: holidays
"""


def test_what_is_agreed_for_a_time_can_stand_in_the_configuration() -> None:
    files = with_line("  duty-manager:\n    zone: America/New_York\n", CHANGES)

    assert load_configuration(files).on_call["duty-manager"].changes == (
        Override(
            datetime(2026, 12, 24, 23, tzinfo=UTC),
            datetime(2026, 12, 26, 13, tzinfo=UTC),
            ("ngaire.scott@example.com",),
            "Christmas",
        ),
        Swap(
            datetime(2026, 12, 1, tzinfo=UTC),
            datetime(2026, 12, 8, tzinfo=UTC),
            "pieter.dewit@example.com",
            "ruth.okafor@example.com",
            "holidays",
        ),
    )


def test_a_long_override_makes_a_long_chain() -> None:
    many = ", ".join(f"t{number}@example.com" for number in range(20))
    files = with_line(
        "  duty-manager:\n    zone: America/New_York\n",
        CHANGES.replace("Ngaire.Scott@example.com", many),
    )

    assert "escalation may take 1020 s" in problems_of(files)[0].sentence


def test_a_rota_of_another_queue_may_leave_hours_out() -> None:
    text = edited("    severities: [1]\n", "    severities: [2]\n")
    text = text.replace(
        '      - starts: friday\n        starts_at: "19:00"',
        '      - starts: friday\n        starts_at: "20:00"',
    )

    assert problems_of({**FILES, LINE_FILE: text}) == ()


def test_a_configuration_without_anybody_on_call_is_fine() -> None:
    text = edited("on_call:\n", "_\n")
    before, _, after = text.partition("_\n")
    without = before + "# Who takes the next call" + after.partition("# Who takes the next call")[2]
    chain = without.partition("    escalation:\n")
    rest = chain[2].partition("  vsa:\n")

    text = chain[0] + rest[1] + rest[2]
    text = text.replace("    escalation: [{after_seconds: 0, rota: duty-manager}]\n", "")

    assert load_configuration({**FILES, LINE_FILE: text}).on_call == {}
