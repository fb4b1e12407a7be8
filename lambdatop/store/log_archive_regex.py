"""Regular expressions tried on a block of lines: only on lines with the texts they need, and on many in one call.

How long an expression takes is not known beforehand, and no clock is read here: a call has a time limit, and the pace
that limits are made of falls while calls keep to them and rises where one does not.
"""

from collections.abc import Callable
from typing import NamedTuple

from lambdatop.parsers.bounded_pattern import SECOND_TRY_S, BoundedPattern, PatternError, line_limit_s
from lambdatop.parsers.joined_lines import JOINT, JoinedLines, joined_lines
from lambdatop.parsers.required_literal import CASES_BEYOND_ASCII, RequiredLiteral, required_literals
from lambdatop.store.log_archive_block import SEPARATOR, Block, words_of
from lambdatop.store.log_archive_budget import Budget
from lambdatop.store.log_archive_text import BlockText, InvalidPatternError, Positions, lines_with

CALL_S = 0.003
"""What a call may take that tries several lines; a slice takes five."""
CALL_OVERHEAD_S, LINE_OVERHEAD_S = 0.000_05, 0.000_005
LEAST_PACE_S, MOST_PACE_S = 0.5e-9, 1e-4
"""What a byte may take; at the most, lines are tried one by one."""
PACE_GROWTH, PACE_DECAY, LIMIT_TO_TIME = 4, 0.95, 2
"""A call takes a half of its limit on average: from all of it, which makes the pace grow, to a fourth."""
FAST_PACE_S = 2e-9
"""Below, trying all lines takes no longer than looking for a text that they need."""
ALTERNATIVES_SOUGHT = 2
"""So many sets of required texts are looked for line by line; all of them among a block's words."""
BLOCKS_SPARED = 15
"""After a block where these texts ruled out little, so many are tried without looking for them."""
FOUND_WEIGHT = 1_024
"""What a line costs that holds a required text, beside a byte searched."""
_JOINT = JOINT.encode()
_ODD_CASES: tuple[bytes, ...] = tuple(letter.encode() for letters in CASES_BEYOND_ASCII.values() for letter in letters)


class _Needle(NamedTuple):
    """A required text as bytes."""

    text: bytes
    is_any_case: bool
    words: tuple[bytes, ...]


class RegexTest:
    """A regular expression that matches somewhere in the line."""

    weight = 2
    """What making a block ready costs; trying it is reckoned by time."""

    def __init__(self, pattern: str, *, is_excluded: bool) -> None:
        self.is_excluded = is_excluded
        try:
            self._pattern = BoundedPattern(pattern)
        except PatternError as error:
            raise InvalidPatternError(str(error)) from error
        self._joined = joined_lines(pattern)
        self._required = [[_needle(literal) for literal in literals] for literals in required_literals(pattern)]
        self._pace_s = LEAST_PACE_S
        self._blocks_spared = 0
        is_any_case = any(needle.is_any_case for needles in self._required for needle in needles)
        self._odd_cases = _ODD_CASES if is_any_case else ()
        self.words_sought = sum(len(needle.words) for needles in self._required for needle in needles)

    def may_be_in(self, block: Block) -> bool:
        """Whether some line of the block may match, by the words it holds."""
        has_needed = all(any(block.may_hold(needle.words) for needle in needles) for needles in self._required)
        return has_needed or self._has_odd_case(lambda text: block.may_hold((text,)))

    def matching(self, text: BlockText, candidates: Positions, budget: Budget) -> Positions | None:
        """Return the lines that match; None when the budget was spent first, to be asked again.

        Raises `InvalidPatternError` when a line takes too long.
        """
        if text.to_try is None:
            text.to_try, text.tried, text.matched = self._candidates(text, candidates, budget), 0, []
        pattern = None if _JOINT in text.text else self._joined
        while text.tried < len(text.to_try):
            count = len(text.to_try) if pattern is None else self._lines_at_once(text)
            lines = text.to_try[text.tried : text.tried + count]
            if pattern is not None and len(lines) > 1:
                self._try_joined(pattern, text, lines, budget)
            else:
                self._try_singly(text, lines, budget)
            if budget.is_spent and text.tried < len(text.to_try):
                return None
        text.to_try = None
        return text.matched

    def _candidates(self, text: BlockText, candidates: Positions, budget: Budget) -> Positions:
        """Return those of the candidates that hold what is required, where looking for that is worth its while."""
        if not self._required or self._pace_s < FAST_PACE_S or self._has_odd_case(text.text.__contains__):
            return candidates
        if self._blocks_spared:
            self._blocks_spared -= 1
            return candidates
        many = text.count // 8
        for needles in self._required[:ALTERNATIVES_SOUGHT]:
            holding: set[int] = set()
            for needle in needles:
                holding.update(lines_with(text.lower_text if needle.is_any_case else text.text, needle.text, many))
            budget.spend(len(text.text) * len(needles) + FOUND_WEIGHT * len(holding))
            if len(holding) <= many:
                return [line for line in candidates if line in holding]
        self._blocks_spared = BLOCKS_SPARED
        return candidates

    def _has_odd_case(self, holds: Callable[[bytes], bool]) -> bool:
        """Whether there are letters that match a required text and are not told by lower case; rare bytes first."""
        return any(holds(letter[:1]) and holds(letter) for letter in self._odd_cases)

    def _lines_at_once(self, text: BlockText) -> int:
        """Return for how many lines a call has time at this pace, were all of a length."""
        if self._pace_s >= MOST_PACE_S:
            return 1
        return max(int(CALL_S / (self._pace_s * (len(text.text) // text.count + 1))), 1)

    def _try_joined(self, pattern: JoinedLines, text: BlockText, lines: Positions, budget: Budget) -> None:
        """Try lines in one call, and take note of them unless that took too long."""
        if len(lines) == text.count:
            joined = text.text.replace(SEPARATOR, _JOINT)
        else:
            joined = _JOINT.join([text.lines[line] for line in lines])
        limit_s = min(CALL_OVERHEAD_S + self._pace_s * len(joined), CALL_S)
        try:
            found = pattern.matching(f"{JOINT}{joined.decode()}{JOINT}", limit_s)
        except TimeoutError:
            budget.spend_seconds(limit_s)
            self._slow_down()
            return
        budget.spend_seconds(limit_s / LIMIT_TO_TIME)
        self._pace_s = max(self._pace_s * PACE_DECAY, LEAST_PACE_S)
        text.matched += [lines[number] for number in found]
        text.tried += len(lines)

    def _try_singly(self, text: BlockText, lines: Positions, budget: Budget) -> None:
        """Try lines one by one, as long as the budget lasts."""
        is_in_within, messages = self._pattern.is_in_within, text.lines
        for line in lines:
            message = messages[line].decode()
            limit_s = min(LINE_OVERHEAD_S + self._pace_s * len(message), line_limit_s(message))
            try:
                is_match = is_in_within(message, limit_s)
            except TimeoutError:
                is_match = self._is_in(message, budget)
            else:
                budget.spend_seconds(limit_s)
                self._pace_s = max(self._pace_s * PACE_DECAY, LEAST_PACE_S)
            if is_match:
                text.matched.append(line)
            text.tried += 1
            if budget.is_spent:
                return

    def _is_in(self, message: str, budget: Budget) -> bool:
        """Try a line with all the time that it may take."""
        self._slow_down()
        tries = self._pattern.second_tries
        try:
            is_match = self._pattern.is_in(message)
        except PatternError as error:
            raise InvalidPatternError(str(error)) from error
        budget.spend_seconds(line_limit_s(message) + SECOND_TRY_S * (self._pattern.second_tries - tries))
        return is_match

    def _slow_down(self) -> None:
        self._pace_s = min(self._pace_s * PACE_GROWTH, MOST_PACE_S)


def _needle(literal: RequiredLiteral) -> _Needle:
    text = literal.text.encode()
    return _Needle(text, literal.is_any_case, words_of(text))
