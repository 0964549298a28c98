"""The switches: what they may be set to, and what is said to a setting that makes no sense."""

import pytest

from routing.policy import SettingRefused, Switches
from routing.switches import ZoneSource

FIRST_EDITION = {
    "caller_zone.order": "requester,organisation,caller_number,dialed_number",
    "caller_zone.number_rule": "all_agree",
    "precedence": "local_hours",
    "after_weekend_window": "closed",
    "sev1_off_hours": "connect",
    "sev1_weekend": "connect_then_callback",
    "before_weekend_window": "closed",
    "window_end": "exclusive",
    "decide_at": "call_arrival",
    "holidays": "off",
    "on_hold": "connect",
    "solved": "connect",
    "closed": "refuse",
    "missing_severity": "4",
    "entitlement": "enforce",
    "desk_down.in_hours": "triage",
    "desk_down.off_hours": "voicemail",
}

OTHER_VALUES = [
    ("caller_zone.order", ["dialed_number", "caller_number,requester"]),
    ("caller_zone.number_rule", ["single_zone", "off"]),
    ("precedence", ["weekend_window"]),
    ("after_weekend_window", ["weekend_sev1_only"]),
    ("sev1_off_hours", ["callback", "closed"]),
    ("sev1_weekend", ["connect", "callback"]),
    ("before_weekend_window", ["weekend_sev1_only"]),
    ("window_end", ["inclusive"]),
    ("decide_at", ["ticket_validated"]),
    ("holidays", ["caller_country", "region"]),
    ("on_hold", ["refuse"]),
    ("solved", ["refuse"]),
    ("closed", ["connect"]),
    ("missing_severity", ["1"]),
    ("entitlement", ["report", "off"]),
    ("desk_down.in_hours", ["voicemail"]),
    ("desk_down.off_hours", ["triage"]),
]


def test_the_first_edition_is_the_default() -> None:
    assert Switches().as_settings() == FIRST_EDITION


@pytest.mark.parametrize(("key", "values"), OTHER_VALUES)
def test_every_switch_takes_every_value_and_gives_it_back(key: str, values: list[str]) -> None:
    for value in values:
        switches = Switches().with_setting(key, value)

        assert switches.as_settings() == {**FIRST_EDITION, key: value}
        assert switches.with_setting(key, FIRST_EDITION[key]) == Switches()


def test_the_table_of_other_values_misses_no_switch() -> None:
    assert [key for key, _ in OTHER_VALUES] == list(FIRST_EDITION)


def test_a_key_may_begin_with_policy_and_a_value_may_have_blanks() -> None:
    switches = Switches().with_setting("policy.caller_zone.order", " organisation , dialed_number ")

    assert switches.caller_zone_order == (ZoneSource.ORGANISATION, ZoneSource.DIALED_NUMBER)
    assert Switches().with_setting("on_hold", " refuse ").on_hold == "refuse"


REFUSED = [
    ("on_holds", "refuse", "There is no policy switch 'on_holds'; did you mean 'on_hold'?"),
    ("policy.desk_down", "x", "There is no policy switch 'policy.desk_down'; did you mean"),
    ("zzz", "x", "There is no policy switch 'zzz'; the keys are caller_zone.order, caller_zone."),
    ("on_hold", "yes", "'yes' is no value of on_hold; allowed: connect, refuse."),
    ("missing_severity", "2", "'2' is no value of missing_severity; allowed: 4, 1."),
    ("caller_zone.order", "", "'' is no value of caller_zone.order; allowed: requester, organ"),
    ("caller_zone.order", "requester,ticket", "'ticket' is no value of caller_zone.order"),
    ("caller_zone.order", "requester,requester", "names a source twice in caller_zone.order."),
]


@pytest.mark.parametrize(("key", "value", "sentence"), REFUSED)
def test_a_wrong_setting_is_refused_with_a_sentence(key: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingRefused) as refused:
        Switches().with_setting(key, value)

    assert sentence in str(refused.value)
