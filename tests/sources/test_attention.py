"""Which functions deserve to be swept where not all can be."""

from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.identity import FunctionKey
from lambdatop.sources.attention import RECENT_DEPLOY_MS, Attention, deserving
from tests.sources.fake_call import key

NOW_MS = 1_795_229_602_000


def named(*names: str) -> frozenset[FunctionKey]:
    return frozenset(map(key, names))


def test_opened_then_visible_then_failing_then_deployed_functions_deserve_it() -> None:
    attention = Attention(
        opened=named("opened"),
        visible=named("seen", "seen-and-failing"),
        failing={key("worst"): 40.0, key("bad"): 3.0, key("seen-and-failing"): 1.0, key("healthy"): 0.0},
        changed_ms={
            key("newest"): NOW_MS - 1_000,
            key("new"): NOW_MS - 60_000,
            key("old"): NOW_MS - RECENT_DEPLOY_MS - 1,
        },
    )
    names = [one.name for one in deserving(attention, NOW_MS, room=100)]
    assert names == ["opened", "seen-and-failing", "seen", "worst", "bad", "newest", "new"]


def test_only_as_many_as_there_is_room_for_are_swept() -> None:
    attention = Attention(visible=named(*"abcdef"))
    assert [one.name for one in deserving(attention, NOW_MS, room=2)] == ["a", "b"]
    assert deserving(attention, NOW_MS, room=-1) == ()


@given(
    opened=st.frozensets(st.sampled_from("abcdefgh")),
    visible=st.frozensets(st.sampled_from("abcdefgh")),
    failing=st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 100)),
    room=st.integers(0, 10),
)
def test_less_room_takes_away_the_least_deserving(
    opened: frozenset[str], visible: frozenset[str], failing: dict[str, float], room: int
) -> None:
    attention = Attention(
        opened=named(*opened), visible=named(*visible), failing={key(name): count for name, count in failing.items()}
    )
    everyone = deserving(attention, NOW_MS, room=100)
    assert deserving(attention, NOW_MS, room) == everyone[:room]
    assert len(set(everyone)) == len(everyone)
