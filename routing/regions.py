"""Regions and lines: the numbers we own, and what each of them promises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from routing.calendars import check_zone
from routing.rules import SupportRules


class Entry(StrEnum):
    """How a number begins: with the main menu (A8), or straight with support."""

    MENU = "menu"
    DIRECT = "direct"


@dataclass(frozen=True)
class Region:
    """A part of the world with its own support office.

    `zone` is an IANA name, `country` ISO 3166 alpha-2, `help_desk` the address as it is spoken.
    """

    name: str
    zone: str
    language: str
    voice: str
    help_desk: str
    country: str

    def __post_init__(self) -> None:
        check_zone(self.zone)


@dataclass(frozen=True)
class Line:
    """One DID, in E.164, with its region, its entry and its rules.

    `other_options` gives the main menu's other keys their E.164 targets. `rules` has the
    overrides of this number applied, `product_rules` those of a product line as well (R17).
    """

    number: str
    region: Region
    entry: Entry
    rules: SupportRules
    support_option: str = "4"
    other_options: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    product_rules: Mapping[str, SupportRules] = field(default_factory=dict)

    def rules_for(self, product: str | None) -> SupportRules:
        """The rules of a ticket's product on this line; the line's own for any other product."""
        if product is None:
            return self.rules
        return self.product_rules.get(product, self.rules)
