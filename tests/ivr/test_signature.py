"""Nothing under /voice happens unsigned; Twilio's own validator is the oracle."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from ivr.settings import Settings, SettingsRefused
from ivr.twilio.signature import is_signed
from tests.line import ACCOUNT, SERVICE, TOKEN, LineUnderTest

FORM = {"CallSid": "CA" + "1" * 32, "AccountSid": ACCOUNT, "From": "+12125550177", "Digits": "4"}
PUBLIC = {"healthz", "readyz", "media"}
# Its own signature is held to by test_help_desk_events.py.
SIGNED_BY_THE_HELP_DESK = {"help_desk.event"}


def sign(url: str, form: Mapping[str, str], token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, form))


def webhooks(line: LineUnderTest) -> list[str]:
    """An address of every webhook, from the application's own map."""
    filled, adapter = {"call_sid": FORM["CallSid"]}, line.app.url_map.bind("")
    return [
        adapter.build(
            rule.endpoint, {name: filled.get(name, "1") for name in rule.arguments}, "POST"
        )
        for rule in line.app.url_map.iter_rules()
        if rule.rule.startswith("/voice")
    ]


def test_every_route_is_a_webhook_or_public_on_purpose(line: LineUnderTest) -> None:
    others = {
        rule.endpoint
        for rule in line.app.url_map.iter_rules()
        if not rule.rule.startswith("/voice")
    }

    assert others == PUBLIC | SIGNED_BY_THE_HELP_DESK
    assert len(webhooks(line)) >= 12


BAD_SIGNATURES: dict[str, Callable[[str], str | None]] = {
    "none": lambda _: None,
    "empty": lambda _: "",
    "nonsense": lambda _: "nonsense",
    "not base64": lambda _: "äöü",
    "another token": lambda url: sign(url, FORM, "another token"),
    "another address": lambda url: sign(url + "x", FORM),
    "another field": lambda url: sign(url, {**FORM, "Digits": "5"}),
    "truncated": lambda url: sign(url, FORM)[:-2],
    "of a GET": lambda url: sign(url, {}),
}


@pytest.mark.parametrize("kind", BAD_SIGNATURES)
def test_a_badly_signed_request_is_refused_everywhere(line: LineUnderTest, kind: str) -> None:
    client = line.app.test_client()
    for path in webhooks(line):
        signature = BAD_SIGNATURES[kind](SERVICE + path)
        headers = {} if signature is None else {"X-Twilio-Signature": signature}

        response = client.post(path, data=FORM, headers=headers)

        assert (response.status_code, response.data) == (403, b""), path
    assert line.calls() == []


def test_a_well_signed_request_of_another_account_is_refused_everywhere(
    line: LineUnderTest,
) -> None:
    form = {**FORM, "AccountSid": "AC" + "9" * 32}
    client = line.app.test_client()
    for path in webhooks(line):
        headers = {"X-Twilio-Signature": sign(SERVICE + path, form)}

        assert client.post(path, data=form, headers=headers).status_code == 403, path


def test_json_is_refused_however_it_is_signed(line: LineUnderTest) -> None:
    headers = {"X-Twilio-Signature": sign(SERVICE + "/voice/incoming", {})}

    response = line.app.test_client().post("/voice/incoming", json=FORM, headers=headers)

    assert response.status_code == 403


def test_a_signed_request_is_answered_whatever_a_proxy_says_in_headers(line: LineUnderTest) -> None:
    form = {**FORM, "To": "+448700422360"}
    headers = {
        "X-Twilio-Signature": sign(SERVICE + "/voice/incoming?x=J%C3%A9&y=%5B1%5D", form),
        "X-Forwarded-Proto": "ftp",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "99",
        "Host": "10.0.0.7:9000",
    }

    response = line.app.test_client().post(
        "/voice/incoming?x=J%C3%A9&y=%5B1%5D", data=form, headers=headers
    )

    assert response.status_code == 200
    assert b"ticket number" in response.data


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
forms = st.dictionaries(names, st.lists(st.text(max_size=12), min_size=1, max_size=3), max_size=6)
addresses = st.sampled_from(
    [
        "https://example.com/voice?foo=1&bar=2",
        "https://example.com:8443/voice",
        "https://example.com:443/voice",
        "http://127.0.0.1:8080/voice/incoming",
        "http://127.0.0.1/voice",
    ]
)


@given(address=addresses, form=forms, token=st.text(min_size=1, max_size=20))
def test_what_twilios_validator_accepts_is_accepted(
    address: str, form: dict[str, list[str]], token: str
) -> None:
    class Repeated(dict[str, list[str]]):
        def getall(self, name: str) -> list[str]:
            return self[name]

    validator = RequestValidator(token)
    signature = validator.compute_signature(address, Repeated(form))

    assert validator.validate(address, Repeated(form), signature)
    assert is_signed(address, form, signature, ["another", token])
    assert not is_signed(address + "?", form, signature, [token])
    assert not is_signed(address, {**form, "Extra": ["1"]}, signature, [token])


def test_the_published_example_verifies() -> None:
    form = {
        "CallSid": ["CA1234567890ABCDE"],
        "Caller": ["+14158675310"],
        "Digits": ["1234"],
        "From": ["+14158675310"],
        "To": ["+18005551212"],
    }
    address = "https://example.com/myapp.php?foo=1&bar=2"

    assert is_signed(address, form, "L/OH5YylLD5NRKLltdqwSvS0BnU=", ["12345"])


def test_the_service_does_not_start_without_a_token() -> None:
    environment = {
        "PUBLIC_BASE_URL": "https://support.example.com",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "SECRET_KEY": "secret",
    }

    with pytest.raises(SettingsRefused, match="TWILIO_AUTH_TOKEN is not set"):
        Settings.from_environment(environment).for_telephony()
    with pytest.raises(SettingsRefused, match="TWILIO_AUTH_TOKEN is not set"):
        Settings.from_environment({**environment, "TWILIO_AUTH_TOKEN": " , "}).for_telephony()
