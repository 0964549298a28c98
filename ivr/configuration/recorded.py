"""The shape of what is recorded: messages of callers, and conversations where it says so."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from ivr.configuration.fields import Name, OnlyOnce
from ivr.configuration.part import Part


class VoicemailPart(Part):
    max_seconds: Annotated[int, Field(ge=10, le=3_600)]
    min_seconds: Annotated[int, Field(ge=0, le=60)]
    without_ticket: bool

    @model_validator(mode="after")
    def a_message_fits(self) -> Self:
        if self.min_seconds >= self.max_seconds:
            raise ValueError("must have min_seconds smaller than max_seconds; change one of them")
        return self


class ConversationRecordingPart(Part):
    queues: Annotated[list[Name], OnlyOnce] = []
    regions: Annotated[list[Name], OnlyOnce] = []
    keep_days: Annotated[int, Field(ge=1, le=3_650)] = 90
