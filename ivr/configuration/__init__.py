"""What admins may change: read from text, refused whole with every mistake, built into values."""

from ivr.configuration.model import Configuration

__all__ = ["Configuration"]
