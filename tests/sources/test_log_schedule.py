from lambdatop.sources.log_schedule import Lane, LogSchedule


def taken(schedule: LogSchedule, now_ms: int, count: int) -> list[str | None]:
    return [schedule.take(now_ms) for _ in range(count)]


def test_the_opened_group_is_taken_before_any_backlog() -> None:
    schedule = LogSchedule()
    for number in range(1_000):
        schedule.put(f"quiet-{number}", number, Lane.QUIET)
    schedule.put("opened", 5_000, Lane.FOCUSED)
    assert schedule.take(5_000) == "opened"


def test_near_and_quiet_groups_take_turns() -> None:
    schedule = LogSchedule()
    for number in range(4):
        schedule.put(f"near-{number}", 0, Lane.NEAR)
        schedule.put(f"quiet-{number}", 0, Lane.QUIET)
    assert taken(schedule, 0, 4) == ["near-0", "quiet-0", "near-1", "quiet-1"]


def test_nothing_is_taken_before_its_time_or_twice() -> None:
    schedule = LogSchedule()
    schedule.put("a", 100, Lane.NEAR)
    assert schedule.take(99) is None
    assert schedule.next_due_ms() == 100
    assert taken(schedule, 100, 2) == ["a", None]
    assert schedule.next_due_ms() is None


def test_a_group_that_waits_is_moved_not_doubled() -> None:
    schedule = LogSchedule()
    schedule.put("a", 60_000, Lane.QUIET)
    schedule.put("a", 5_000, Lane.NEAR)
    assert schedule.waiting("a") == (5_000, Lane.NEAR)
    assert taken(schedule, 60_000, 2) == ["a", None]


def test_a_dropped_group_is_gone() -> None:
    schedule = LogSchedule()
    schedule.put("a", 0, Lane.NEAR)
    schedule.drop("a")
    assert schedule.next_due_ms() is None
    assert schedule.take(1) is None
