"""The part of line.yaml that every other part of it is made like."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A block of settings: no key but the named ones, no type but the right one."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)
