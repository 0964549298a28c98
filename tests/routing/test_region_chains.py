"""Follow the sun: whose technicians help a region out, and in which order (A22)."""

import pytest

from routing.matching import MatchingRules, Skills, match
from tests.builders import NOW, a_technician, waiting

RULES = MatchingRules(
    minutes_per_severity=15,
    relax_after_seconds={"region": 0},
    retry_after_seconds=60,
    region_chains={"ireland": ("united-kingdom", "netherlands")},
)
IRISH = Skills(region="ireland")

FOLLOWING_THE_SUN = [
    # the regions of those who are free, each idle for less long than the next,  whose is rung
    (["netherlands", "united-kingdom"], "united-kingdom"),  # the next in the chain
    (["new-zealand", "netherlands"], "netherlands"),
    (["new-zealand", "north-america"], "north-america"),  # out of the chain: idle longest
    (["new-zealand", "ireland"], "ireland"),  # its own
    (["united-kingdom netherlands", "netherlands"], "united-kingdom netherlands"),
]


@pytest.mark.parametrize(("regions", "rung"), FOLLOWING_THE_SUN)
def test_when_nobody_of_the_region_is_free_its_chain_is_followed(
    regions: list[str], rung: str
) -> None:
    free = [a_technician(names, 60 * number, regions=names) for number, names in enumerate(regions)]

    (pair,) = match([waiting("a", 0, 2, needs=IRISH)], free, [], RULES, NOW)

    assert pair.technician_id == rung
