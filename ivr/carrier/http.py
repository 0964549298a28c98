"""Requests over real sockets, with the time limits the carrier sets itself."""

import requests
import urllib3

from ivr.carrier.transport import Reply, Request

# Enough for music on hold; a document may have far less, and a larger one is seen to be too large.
MOST_BYTES = 4 * 1024 * 1024


class HttpTransport:
    """Carries requests with `requests`; what goes wrong on the way is a Reply with a `failure`."""

    def __init__(self) -> None:
        self._session = requests.Session()
        adapter = requests.adapters.HTTPAdapter(pool_connections=8, pool_maxsize=64)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)
        self._session.trust_env = False

    def send(self, request: Request) -> Reply:
        try:
            with self._session.request(
                request.method,
                request.url,
                data=request.body or None,
                headers=dict(request.headers),
                timeout=(request.connect_seconds, request.read_seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = response.raw.read(MOST_BYTES, decode_content=True)
                return Reply(response.status_code, dict(response.headers), body)
        except requests.ConnectTimeout:
            return Reply(failure="connect")
        except (requests.Timeout, urllib3.exceptions.HTTPError):
            # The latter: an answer that began and broke off.
            return Reply(failure="read")
        except (requests.RequestException, OSError, ValueError):
            return Reply(failure="connect")
