"""Twilio's REST API as our `Telephony`: bounded in time, and clear about what is known.

`twilio.rest` is imported when the first request is made: it is large, and a web process that
only answers webhooks never needs it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import requests

from ivr.settings import Settings
from ivr.telephony import (
    CarrierBusy,
    CarrierNumber,
    CarrierRecording,
    CarrierRefused,
    CarrierUnreachable,
    NumberRefused,
    PhoneCall,
)

REQUEST_SECONDS = 3
LEG_EVENTS = ["initiated", "ringing", "answered", "completed"]
LIVE_STATUSES = {"queued", "initiated", "ringing", "in-progress"}
TOO_MANY_REQUESTS = 429
# "To" is no number, cannot be reached, or does not look like one.
BAD_NUMBER = {21211, 21214, 21217}
DEFAULT_API = "https://api.twilio.com"
# The carrier's clock and ours may differ by this much when calls are looked up by time.
CLOCK_SLACK = timedelta(seconds=30)


class TwilioTelephony:
    """A `Telephony` over HTTPS. `session` lets a caller mount other transports."""

    def __init__(self, settings: Settings, session: requests.Session | None = None) -> None:
        self._settings = settings
        self._session = session or requests.Session()

    def place_call(self, phone_call: PhoneCall) -> str:
        created = self._ask(
            lambda: self._client.calls.create(
                to=phone_call.to,
                from_=phone_call.caller_id,
                url=phone_call.url,
                method="POST",
                fallback_url=phone_call.fallback_url,
                fallback_method="POST",
                status_callback=phone_call.status_url,
                status_callback_method="POST",
                status_callback_event=LEG_EVENTS,
                timeout=phone_call.ring_seconds,
            )
        )
        return str(created.sid)

    def find_call(self, to: str, caller_id: str, since: datetime) -> str | None:
        calls = self._ask(
            lambda: self._client.calls.list(
                to=to, from_=caller_id, start_time_after=since - timedelta(days=1), limit=20
            )
        )
        ours = [call for call in calls if _instant(call.date_created) >= since - CLOCK_SLACK]
        newest = max(ours, key=lambda call: _instant(call.date_created), default=None)
        return None if newest is None else str(newest.sid)

    def take_from_queue(self, queue_sid: str, call_sid: str, url: str) -> None:
        members = self._client.queues(queue_sid).members(call_sid)
        self._ask(lambda: members.update(url=url, method="POST"))

    def redirect(self, call_sid: str, url: str) -> None:
        self._ask(lambda: self._client.calls(call_sid).update(url=url, method="POST"))

    def hang_up(self, call_sid: str) -> None:
        self._ask(lambda: self._client.calls(call_sid).update(status="completed"))

    def is_live(self, call_sid: str) -> bool:
        return self._ask(lambda: self._client.calls(call_sid).fetch()).status in LIVE_STATUSES

    def recording_sound(self, recording_sid: str) -> Iterator[bytes]:
        address = f"{self._account_address}/Recordings/{recording_sid}.wav"
        try:
            with self._session.get(
                address,
                auth=self._credentials,
                timeout=REQUEST_SECONDS,
                stream=True,
                allow_redirects=False,
            ) as response:
                if response.status_code != requests.codes.ok:
                    raise CarrierUnreachable(f"recording answered HTTP {response.status_code}")
                yield from response.iter_content(chunk_size=64 * 1024)
        except requests.RequestException as error:
            raise CarrierUnreachable(type(error).__name__) from error

    def delete_recording(self, recording_sid: str) -> None:
        self._ask(lambda: self._client.recordings(recording_sid).delete())

    def recordings_of(self, call_sid: str) -> list[CarrierRecording]:
        found = self._ask(lambda: self._client.recordings.list(call_sid=call_sid, limit=50))
        return [
            CarrierRecording(
                str(item.sid),
                str(item.call_sid),
                int(item.duration or 0),
                _instant(item.date_created),
            )
            for item in found
            if item.status == "completed"
        ]

    def numbers(self) -> list[CarrierNumber]:
        found = self._ask(lambda: self._client.incoming_phone_numbers.list(limit=1000))
        return [
            CarrierNumber(
                str(item.sid),
                str(item.phone_number),
                item.voice_url or "",
                item.status_callback or "",
                item.voice_fallback_url or "",
            )
            for item in found
        ]

    def configure_number(self, number: CarrierNumber) -> None:
        resource = self._client.incoming_phone_numbers(number.sid)
        self._ask(
            lambda: resource.update(
                voice_url=number.voice_url,
                voice_method="POST",
                voice_fallback_url=number.fallback_url,
                voice_fallback_method="POST",
                status_callback=number.status_url,
                status_callback_method="POST",
            )
        )

    @property
    def _credentials(self) -> tuple[str, str]:
        settings = self._settings
        if settings.api_key_sid:
            return settings.api_key_sid, settings.api_key_secret
        return settings.account_sid, settings.auth_tokens[0]

    @property
    def _account_address(self) -> str:
        base = self._settings.api_base_url
        root = f"{base}/api" if base else DEFAULT_API
        return f"{root}/2010-04-01/Accounts/{self._settings.account_sid}"

    @cached_property
    def _client(self) -> Any:
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        class AtBase(TwilioHttpClient):  # type: ignore[misc]  # Twilio's library has no types.
            """Twilio's client, sent to another address: the product becomes the first segment."""

            def __init__(self, base: str, session: requests.Session) -> None:
                super().__init__(timeout=REQUEST_SECONDS, max_retries=0)
                self.session = session
                self._base = base

            def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
                parts = urlsplit(url)
                product, _, rest = (parts.hostname or "").partition(".")
                if self._base and rest.endswith("twilio.com"):
                    query = f"?{parts.query}" if parts.query else ""
                    url = f"{self._base}/{product}{parts.path}{query}"
                return super().request(method, url, *args, **kwargs)

        user, secret = self._credentials
        http = AtBase(self._settings.api_base_url, self._session)
        return Client(user, secret, account_sid=self._settings.account_sid, http_client=http)

    def _ask(self, request: Callable[[], Any]) -> Any:
        """Make one request, once; sort what can go wrong into the three refusals."""
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return request()
        except TwilioRestException as error:
            sentence = f"HTTP {error.status}, code {error.code}: {error.msg}"
            if error.status == TOO_MANY_REQUESTS:
                raise CarrierBusy(sentence) from error
            if error.code in BAD_NUMBER:
                raise NumberRefused(sentence) from error
            if error.status < requests.codes.server_error:
                raise CarrierRefused(sentence) from error
            raise CarrierUnreachable(sentence) from error
        except (requests.RequestException, TwilioException, ValueError) as error:
            raise CarrierUnreachable(type(error).__name__) from error


def _instant(moment: datetime | None) -> datetime:
    return datetime.min.replace(tzinfo=UTC) if moment is None else moment.astimezone(UTC)
