"""The REST API of the carrier, checked against Twilio's own OpenAPI file."""

from ivr.carrier.rest.app import create_rest_app

__all__ = ["create_rest_app"]
