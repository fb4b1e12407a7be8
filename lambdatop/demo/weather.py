"""Which of the account's faults strike, and when: dice of their own and the account's clock."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from lambdatop.demo.clock import Clock
from lambdatop.demo.faults import Fault, FaultError, parse_fault
from lambdatop.demo.wire.service_models import service_model


@dataclass(frozen=True, slots=True)
class Hazard:
    """A fault with its dice, so that what others draw never changes what it does."""

    fault: Fault
    random: Random


class Weather:
    """The faults of one account; none until `forecast`. They change what is told, never what happened."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_ms: int | None = None
        self._hazards: dict[str, list[Hazard]] = {}

    def forecast(self, faults: Iterable[Fault | str], seed: int = 1) -> None:
        """Have these faults instead of the present ones; the same seed strikes alike. Raises FaultError."""
        hazards: defaultdict[str, list[Hazard]] = defaultdict(list)
        for index, asked in enumerate(faults):
            fault = parse_fault(asked) if isinstance(asked, str) else asked
            _check_operation(fault)
            hazards[fault.name].append(Hazard(fault, Random(f"{seed} {index} {fault.name}")))
        self._hazards = dict(hazards)

    def begin(self) -> None:
        """Count the faults' windows from now on."""
        self._began_ms = self._clock.now_ms()

    def has(self, *names: str) -> bool:
        """Whether any fault of these names was asked for, be it now or later."""
        return any(name in self._hazards for name in names)

    def strike(self, name: str, service: str = "", operation: str = "") -> Hazard | None:
        """The fault of that name that strikes here and now, if one does."""
        for hazard in self._hazards.get(name, ()):
            fault = hazard.fault
            began_ms = self._began_ms
            elapsed_ms = None if began_ms is None else self._clock.now_ms() - began_ms
            if not fault.is_on(elapsed_ms) or not fault.is_about(service, operation):
                continue
            if fault.share >= 1 or hazard.random.random() < fault.share:
                return hazard
        return None

    def delay_ms(self, name: str) -> int | None:
        """How late the fault of that name makes what happens now; None where it does not strike."""
        hazard = self.strike(name)
        return None if hazard is None else hazard.random.randint(1, max(1, hazard.fault.time_ms))


def _check_operation(fault: Fault) -> None:
    """Refuse a target that no operation of AWS matches, which would never strike."""
    if fault.service is None:
        return
    if not any(fault.is_about(fault.service, name) for name in service_model(fault.service).operation_names):
        raise FaultError(f"{fault.name} names {fault.service}:{fault.operation}, and {fault.service} has none such")
