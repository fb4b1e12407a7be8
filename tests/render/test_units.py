from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.render import units
from lambdatop.render.span import Printable


@pytest.mark.parametrize(
    "unit",
    [
        units.milliseconds,
        units.seconds,
        units.megabytes,
        units.count,
        units.percent,
        units.rate,
        units.dollars,
        units.age,
    ],
)
def test_unknown_is_a_dash(unit: Callable[[float | None], Printable]) -> None:
    assert unit(None) == units.UNKNOWN == "–"  # noqa: RUF001  the dash itself


def test_unknown_times_are_a_dash() -> None:
    assert units.clock(None, is_utc=True) == units.timestamp(None, is_utc=False) == units.UNKNOWN
    assert units.timestamp(10**18, is_utc=True) == units.UNKNOWN
    assert units.iso_8601(None) is None


@pytest.mark.parametrize(
    ("unit", "width", "largest"),
    [
        (units.milliseconds, 6, 3.6e9),
        (units.seconds, 6, 3.6e6),
        (units.megabytes, 7, 5e5),
        (units.count, 4, 9e11),
        (units.percent, 5, 1.0),
        (units.rate, 7, 9e11),
        (units.dollars, 7, 9e11),
        (units.age, 6, 8e10),
    ],
)
def test_no_value_is_wider_than_stated(unit: Callable[[float | None], Printable], width: int, largest: float) -> None:
    @settings(deadline=None)  # a busy machine is no failure
    @given(st.floats(0, largest))
    def holds(value: float) -> None:
        assert len(unit(value)) <= width

    holds()


@pytest.mark.parametrize("unit", [units.milliseconds, units.percent, units.rate, units.dollars])
@pytest.mark.parametrize("value", [1e-9, 1e-4, 0.4])
def test_something_is_never_shown_as_nothing(unit: Callable[[float | None], Printable], value: float) -> None:
    assert unit(value) != unit(0)
