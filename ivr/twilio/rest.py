"""Twilio's REST API as our `Telephony`: bounded in time, and clear about what is known."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import requests

from ivr.telephony import (
    CarrierNumber,
    CarrierRecording,
    CarrierRefused,
    CarrierUnreachable,
    PhoneCall,
)
from ivr.twilio.client import REQUEST_SECONDS, TwilioClient

LEG_EVENTS = ["initiated", "ringing", "answered", "completed"]
LIVE_STATUSES = {"queued", "initiated", "ringing", "in-progress"}
# The carrier's clock and ours may differ by this much when calls are looked up by time.
CLOCK_SLACK = timedelta(seconds=30)


class TwilioTelephony(TwilioClient):
    """A `Telephony` over HTTPS."""

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

    def find_call(
        self, to: str, caller_id: str, since: datetime, other_than: Collection[str] = ()
    ) -> str | None:
        calls = self._ask(
            lambda: self._client.calls.list(
                to=to, from_=caller_id, start_time_after=since - timedelta(days=1), limit=20
            )
        )
        ours = [
            call
            for call in calls
            if _instant(call.date_created) >= since - CLOCK_SLACK and call.sid not in other_than
        ]
        newest = max(ours, key=lambda call: _instant(call.date_created), default=None)
        return None if newest is None else str(newest.sid)

    def take_from_queue(self, queue_sid: str, call_sid: str, url: str) -> None:
        members = self._client.queues(queue_sid).members(call_sid)
        self._ask(lambda: members.update(url=url, method="POST"))

    def redirect(self, call_sid: str, url: str) -> None:
        self._ask(lambda: self._client.calls(call_sid).update(url=url, method="POST"))

    def hang_up(self, call_sid: str) -> None:
        self._ask(lambda: self._client.calls(call_sid).update(status="completed"))

    def hold(self, room: str, call_sid: str, music_url: str) -> None:
        self._update_participant(room, call_sid, hold=True, hold_url=music_url, hold_method="POST")

    def end_hold(self, room: str, call_sid: str) -> None:
        self._update_participant(room, call_sid, hold=False)

    def announce(self, room: str, call_sid: str, url: str) -> None:
        self._update_participant(room, call_sid, announce_url=url, announce_method="POST")

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
        return _completed(
            self._ask(lambda: self._client.recordings.list(call_sid=call_sid, limit=50))
        )

    def recordings_of_room(self, room: str) -> list[CarrierRecording]:
        found: list[CarrierRecording] = []
        rooms = self._ask(lambda: self._client.conferences.list(friendly_name=room, limit=20))
        for sid in [each.sid for each in rooms]:
            found += _completed(self._ask(partial(self._recordings_in, sid)))
        return found

    def _recordings_in(self, conference_sid: str) -> Any:
        return self._client.recordings.list(conference_sid=conference_sid, limit=50)

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

    def _update_participant(self, room: str, call_sid: str, **changes: object) -> None:
        """Rooms are known to us by name; the carrier wants its own name for the one going on."""
        conferences = self._client.conferences
        found = self._ask(
            lambda: conferences.list(friendly_name=room, status="in-progress", limit=1)
        )
        if not found:
            raise CarrierRefused(f"{room} is not going on")
        participant = conferences(found[0].sid).participants(call_sid)
        self._ask(lambda: participant.update(**changes))


def _instant(moment: datetime | None) -> datetime:
    return datetime.min.replace(tzinfo=UTC) if moment is None else moment.astimezone(UTC)


def _completed(listed: Iterable[Any]) -> list[CarrierRecording]:
    return [
        CarrierRecording(
            str(item.sid),
            str(item.call_sid or ""),
            int(item.duration or 0),
            _instant(item.date_created),
        )
        for item in listed
        if item.status == "completed"
    ]
