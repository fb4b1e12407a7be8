"""The sketch against exact quantiles and the reference implementation."""

from ddsketch import DDSketch
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.store.quantile_sketch import RELATIVE_ERROR, QuantileSketch

VALUES = st.lists(st.floats(0.002, 5_400_000), min_size=1, max_size=200)
RANKS = (0.0, 0.25, 0.5, 0.95, 0.99, 1.0)


def sketch_of(values: list[float]) -> QuantileSketch:
    sketch = QuantileSketch()
    for value in values:
        sketch.add(value)
    return sketch


@given(VALUES)
def test_every_quantile_is_within_the_stated_error_of_the_exact_one(values: list[float]) -> None:
    ordered = sorted(values)

    for rank, found in zip(RANKS, sketch_of(values).quantiles(RANKS), strict=True):
        exact = ordered[int(rank * (len(ordered) - 1))]
        assert abs(found - exact) <= RELATIVE_ERROR * exact * (1 + 1e-9)


@given(VALUES)
def test_it_agrees_with_the_reference(values: list[float]) -> None:
    reference = DDSketch(RELATIVE_ERROR)
    for value in values:
        reference.add(value)

    for rank, found in zip(RANKS, sketch_of(values).quantiles(RANKS), strict=True):
        expected = reference.get_quantile_value(rank)
        assert expected is not None
        assert abs(found - expected) <= 2 * RELATIVE_ERROR * found


@given(VALUES, VALUES)
def test_merging_is_adding_and_subtracting_undoes_it(first: list[float], second: list[float]) -> None:
    merged = sketch_of(first)
    merged.merge(sketch_of(second))
    assert merged.counts == sketch_of(first + second).counts
    assert merged.percentiles() == sketch_of(second + first).percentiles()

    merged.subtract(sketch_of(second))
    assert merged.counts == sketch_of(first).counts


@given(VALUES)
def test_packing_keeps_everything(values: list[float]) -> None:
    packed = sketch_of(values)
    packed.pack()
    merged = QuantileSketch()
    merged.merge(packed)

    assert merged.percentiles() == packed.percentiles() == sketch_of(values).percentiles()


def test_zero_is_a_value_and_nothing_has_no_percentiles() -> None:
    zeros = sketch_of([0.0, 0.0, 8.0]).percentiles()

    assert zeros is not None
    assert (zeros.count, zeros.p50, zeros.max) == (3, 0.0, 8.0)
    assert QuantileSketch().percentiles() is None
