"""The client of Twilio's REST API, for everything that asks it: every request once, and sorted.

`twilio.rest` is imported when the first request is made: it is large, and a web process that
only answers webhooks never needs it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import requests

from ivr.settings import Settings
from ivr.telephony import CarrierBusy, CarrierRefused, CarrierUnreachable, NumberRefused

REQUEST_SECONDS = 3
TOO_MANY_REQUESTS = 429
# "To" is no number, cannot be reached, or does not look like one.
BAD_NUMBER = {21211, 21214, 21217}
DEFAULT_API = "https://api.twilio.com"


class TwilioClient:
    """What asks Twilio. `session` lets a caller mount other transports."""

    def __init__(self, settings: Settings, session: requests.Session | None = None) -> None:
        self._settings = settings
        self._session = session or requests.Session()

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
