"""When memory that rises is called a suspected leak, tried on made-up environments."""

import math
from collections.abc import Callable, Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.store.memory_trend import POINTS_MOST, memory_trend, steep_trend, thinned

SIZE_MB = 10_000
ENVIRONMENTS = 60
NUMBERS = 20, 60, 300, 1000
Shape = Callable[[int, Random], Iterable[float]]


def high_water(used_mb: Iterable[float]) -> list[int]:
    """What REPORTs say of an environment whose invocations use so much."""
    most, found = 0, []
    for value in used_mb:
        most = max(most, int(value))
        found.append(most)
    return found


def filling(cache: float) -> Shape:
    """Memory that rises by 100 MB and levels off, two thirds of it after so many invocations."""
    return lambda number, chance: (
        90 + 100 * (1 - math.exp(-index / cache)) + chance.gauss(0, 1) for index in range(number)
    )


def leaking(mb: float, noise: float = 1.0) -> Shape:
    return lambda number, chance: (110 + mb * index + abs(chance.gauss(0, noise)) for index in range(number))


def stepping(*shares: float) -> Shape:
    """Jumps of 80 MB after shares of the invocations."""
    return lambda number, chance: (
        90 + 80 * sum(index > number * share for share in shares) + chance.gauss(0, 1) for index in range(number)
    )


def late(number: int, chance: Random) -> Iterable[float]:
    """Level for four fifths of the time, then a leak."""
    return (110 + max(0.0, index - number * 0.8) + chance.gauss(0, 1) for index in range(number))


def warm_and_leaking(number: int, chance: Random) -> Iterable[float]:
    return (90 + 60 * (1 - math.exp(-index / 10)) + 0.5 * index + chance.gauss(0, 1) for index in range(number))


NEVER, OFTEN, ALWAYS = (0.0, 0.02), (0.85, 1.0), (0.98, 1.0)
UNTIL_SEEN = (0.0, 1.0)
"""Nothing is promised: a cache that still fills looks the same, or the leak is too small to be told yet."""
OUTCOMES: dict[str, tuple[Shape, tuple[tuple[float, float], ...]]] = {
    # what share of environments is suspected after 20, 60, 300 and 1,000 invocations
    "constant": (lambda number, _: [90] * number, (NEVER,) * 4),
    "a little noise": (lambda number, chance: (90 + chance.gauss(0, 2) for _ in range(number)), (NEVER,) * 4),
    "much noise": (lambda number, chance: (90 + abs(chance.gauss(0, 30)) for _ in range(number)), (NEVER,) * 4),
    "rare large requests": (
        lambda number, chance: (90 + 5 * chance.paretovariate(1.5) for _ in range(number)),
        (NEVER,) * 4,
    ),
    "warm-up of 5": (filling(5), (NEVER,) * 4),
    "warm-up of 15": (filling(15), ((0.0, 0.05), NEVER, NEVER, NEVER)),
    "warm-up of 40": (filling(40), (UNTIL_SEEN, NEVER, NEVER, NEVER)),
    "warm-up of 100": (filling(100), (UNTIL_SEEN, UNTIL_SEEN, NEVER, NEVER)),
    "logarithm": (
        lambda number, chance: (90 + 20 * math.log(1 + index) + chance.gauss(0, 1) for index in range(number)),
        ((0.0, 0.05),) * 4,
    ),
    "one step": (stepping(0.6), (NEVER,) * 4),
    "four steps": (stepping(0.3, 0.5, 0.7, 0.9), (NEVER,) * 4),
    "sawtooth of collections": (
        lambda number, _: (90 + 2.0 * (index % 50) for index in range(number)),
        (UNTIL_SEEN, NEVER, NEVER, NEVER),
    ),
    "leak of 14 MB": (leaking(14), (ALWAYS,) * 4),
    "leak of 2 MB": (leaking(2), (OFTEN, ALWAYS, ALWAYS, ALWAYS)),
    "leak of 0.5 MB": (leaking(0.5), (UNTIL_SEEN, (0.7, 1.0), ALWAYS, ALWAYS)),
    "leak of 0.1 MB": (leaking(0.1), (UNTIL_SEEN, UNTIL_SEEN, OFTEN, ALWAYS)),
    "leak of 1 MB in noise": (leaking(1, noise=20), (UNTIL_SEEN, UNTIL_SEEN, (0.6, 1.0), ALWAYS)),
    "leak after a warm-up": (warm_and_leaking, (UNTIL_SEEN, UNTIL_SEEN, ALWAYS, ALWAYS)),
    "leak that begins late": (late, (UNTIL_SEEN, UNTIL_SEEN, OFTEN, ALWAYS)),
}


@pytest.mark.parametrize("name", list(OUTCOMES))
def test_leaks_are_suspected_and_warm_up_noise_and_steps_are_not(name: str) -> None:
    shape, outcomes = OUTCOMES[name]
    for number, (least, most) in zip(NUMBERS, outcomes, strict=True):
        suspected = 0
        for seed in range(ENVIRONMENTS):
            trend = memory_trend(thinned(high_water(shape(number, Random(seed)))), SIZE_MB)
            assert trend is not None
            suspected += trend.is_leak_suspected
        assert least <= suspected / ENVIRONMENTS <= most, f"{suspected} of {ENVIRONMENTS} after {number}"


STEEP_NUMBERS = 10, 14, 19
OVERWHELMING = {"leak of 14 MB", "leak of 8 MB in noise", "leak of 20 MB after a warm-up"}
STEEP: dict[str, Shape] = {
    **{name: shape for name, (shape, _) in OUTCOMES.items()},
    "leak of 8 MB in noise": leaking(8, noise=4),
    "leak of 20 MB after a warm-up": lambda number, chance: (
        90 + 60 * (1 - math.exp(-index / 2)) + 20 * index + chance.gauss(0, 1) for index in range(number)
    ),
    "much noise, much memory": lambda number, chance: (90 + abs(chance.gauss(0, 150)) for _ in range(number)),
    "rare very large requests": lambda number, chance: (90 + 30 * chance.paretovariate(1.1) for _ in range(number)),
    "large warm-up of 3": lambda number, _: (90 + 300 * (1 - math.exp(-index / 3)) for index in range(number)),
    "one large step": lambda number, _: (90 + 200 * (index > number * 0.6) for index in range(number)),
}


@pytest.mark.parametrize("name", list(STEEP))
def test_few_invocations_rise_steeply_only_where_they_leak_much(name: str) -> None:
    for number in STEEP_NUMBERS:
        steep = [
            steep_trend(thinned(high_water(STEEP[name](number, Random(seed)))), 256) for seed in range(ENVIRONMENTS * 5)
        ]
        suspected = sum(trend is not None for trend in steep) / len(steep)
        least, most = (0.6 if number == 10 else 0.85, 1.0) if name in OVERWHELMING else (0.0, 0.01)
        assert least <= suspected <= most, f"{suspected} after {number}"


@pytest.mark.parametrize("name", [name for name in STEEP if "leak" not in name])
def test_the_newest_few_of_many_invocations_rise_steeply_only_where_they_leak(name: str) -> None:
    for number in (60, 300):
        for seed in range(ENVIRONMENTS):
            used_mb = high_water(STEEP[name](number, Random(seed)))
            assert not any(steep_trend(thinned(used_mb[-newest:]), 256) for newest in (40, 20))


def test_a_steep_rise_is_a_large_share_of_the_memory_size_over_ten_invocations() -> None:
    rising = range(100, 250, 15)
    trend = steep_trend(thinned(rising), 512)
    assert trend is not None
    assert trend.is_leak_suspected
    assert trend.rise_mb_per_invocation == 15
    assert trend.invocations_left == (512 - 235) // 15
    assert steep_trend(thinned(rising[:9]), 512) is None
    assert steep_trend(thinned(rising), 1024) is None
    assert steep_trend(thinned(rising), None) is None
    assert steep_trend(thinned([*rising, 90]), 512) is None


def test_a_sawtooth_that_reports_show_is_no_leak() -> None:
    used_mb = [90 + index % 100 for index in range(350)]
    trend = memory_trend(thinned(used_mb), SIZE_MB)
    assert trend is not None
    assert not trend.is_leak_suspected


def test_the_verdict_says_how_much_over_how_many_and_how_many_are_left() -> None:
    used_mb = high_water(110 + 0.25 * index for index in range(400))
    trend = memory_trend(thinned(used_mb), 512)
    assert trend is not None
    assert trend.is_leak_suspected
    assert trend.rise_mb_per_invocation == pytest.approx(0.25, rel=0.03)
    assert 280 <= trend.invocations <= 300
    assert trend.invocations_left == pytest.approx((512 - used_mb[-1]) / 0.25, rel=0.03)


def test_without_a_memory_size_no_one_knows_how_many_are_left() -> None:
    trend = memory_trend(thinned(range(100, 200)), None)
    assert trend is not None
    assert trend.is_leak_suspected
    assert trend.invocations_left is None


@pytest.mark.parametrize("number", [0, 1, 6, 19])
def test_few_invocations_have_no_trend(number: int) -> None:
    assert memory_trend(thinned(range(100, 100 + 14 * number, 14)), SIZE_MB) is None


@given(st.lists(st.integers(0, 10_240), max_size=300), st.integers(0, 1000), st.integers(128, 10_240) | st.none())
def test_any_series_has_an_answer(used_mb: list[int], before: int, size_mb: int | None) -> None:
    points = thinned(used_mb, before)
    assert len(points) <= POINTS_MOST
    assert [number for number, _ in points] == sorted({number for number, _ in points})
    assert points[-1:] == ((before + len(used_mb), used_mb[-1]),) if used_mb else points == ()
    trend = memory_trend(points, size_mb)
    if trend is not None:
        assert trend.invocations > 0
        assert trend.invocations_left is None or trend.invocations_left >= 0
