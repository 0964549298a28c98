"""Settings: what the environment says, read once, refused whole with every mistake listed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

SHORTEST_SECRET = 16
LOOPBACK_HOSTS = {"127.0.0.1", "::1", "localhost"}


class Role(StrEnum):
    """Which doors a web process opens; telephony and consoles may run as two services."""

    TELEPHONY = "telephony"
    CONSOLE = "console"
    ALL = "all"


class SettingsRefused(Exception):
    """The environment cannot be used; `problems` lists every reason as a sentence."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Settings:
    """The process's places and secrets. What admins may change is configuration, not settings."""

    database_url: str
    instance: Path
    public_base_url: str
    account_sid: str
    auth_tokens: tuple[str, ...]
    api_key_sid: str
    api_key_secret: str
    api_base_url: str
    secret_key: str
    role: Role
    smtp_url: str
    help_desk_secrets: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read every variable; raises SettingsRefused with all malformed ones.

        What only a web process or a worker needs is asked for by `for_telephony`, so that
        `ivr explain` and the like run on a bare machine.
        """
        instance = Path(environ.get("INSTANCE") or "instance").absolute()
        default_database = f"sqlite:///{instance / 'supportline.db'}"
        role = environ.get("IVR_ROLE") or Role.ALL
        problems = []
        if role not in set(Role):
            problems.append(f"IVR_ROLE is {role!r}; it must be one of {', '.join(Role)}.")
            role = Role.ALL
        settings = cls(
            database_url=_with_driver(environ.get("DATABASE_URL") or default_database),
            instance=instance,
            public_base_url=environ.get("PUBLIC_BASE_URL", "").rstrip("/"),
            account_sid=environ.get("TWILIO_ACCOUNT_SID", "").strip(),
            auth_tokens=_each_of(environ.get("TWILIO_AUTH_TOKEN", "")),
            api_key_sid=environ.get("TWILIO_API_KEY_SID", "").strip(),
            api_key_secret=environ.get("TWILIO_API_KEY_SECRET", "").strip(),
            api_base_url=environ.get("TWILIO_API_BASE_URL", "").rstrip("/"),
            secret_key=environ.get("SECRET_KEY", ""),
            role=Role(role),
            smtp_url=environ.get("SMTP_URL", ""),
            help_desk_secrets=_each_of(environ.get("HELP_DESK_SECRET", "")),
        )
        problems += _malformed(settings)
        if problems:
            raise SettingsRefused(problems)
        return settings

    def for_telephony(self) -> "Settings":
        """These settings, once they suffice to take calls; raises SettingsRefused otherwise."""
        needed = {
            "PUBLIC_BASE_URL": (self.public_base_url, "the https address callers' carrier reaches"),
            "TWILIO_ACCOUNT_SID": (self.account_sid, "the account whose calls we answer"),
            "TWILIO_AUTH_TOKEN": (self.auth_tokens, "without it no request could be trusted"),
            "SECRET_KEY": (self.secret_key, "a long random text that only this service knows"),
        }
        missing = [
            f"{name} is not set: {why}." for name, (value, why) in needed.items() if not value
        ]
        if missing:
            raise SettingsRefused(missing)
        return self


def _each_of(text: str) -> tuple[str, ...]:
    """Secrets separated by commas: two are in use while one replaces the other."""
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _with_driver(url: str) -> str:
    """PostgreSQL addresses as people write them, with the driver this project installs."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _malformed(settings: Settings) -> list[str]:
    problems = []
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        problems.append("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    if settings.public_base_url:
        problems += _address_problems("PUBLIC_BASE_URL", settings.public_base_url)
    if settings.api_base_url:
        problems += _address_problems("TWILIO_API_BASE_URL", settings.api_base_url)
    if bool(settings.api_key_sid) != bool(settings.api_key_secret):
        problems.append(
            "TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET go together; set both or none."
        )
    if any(len(secret) < SHORTEST_SECRET for secret in settings.help_desk_secrets):
        problems.append(f"HELP_DESK_SECRET must have at least {SHORTEST_SECRET} characters.")
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in {"smtp", "smtps"}:
        problems.append("SMTP_URL must look like smtp://name:password@host:587.")
    return problems


def _address_problems(name: str, address: str) -> list[str]:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return [f"{name} is not a web address: write it like https://support.example.com."]
    if parts.username or parts.query or parts.fragment:
        return [f"{name} must have no user name, query or fragment."]
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        return [f"{name} must be https (http is accepted only for this machine's own address)."]
    return []
