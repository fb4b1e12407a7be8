"""What a place wants opened that it does not know itself: the app does, so that places need not know each other."""

from textual.message import Message

from lambdatop.model.identity import FunctionKey
from lambdatop.model.question import LogMoment


class RequestWanted(Message):
    """A request is to be shown from end to end: by its ID, the beginning of it, its trace's, or where it was served."""

    def __init__(
        self,
        request_id: str | None = None,
        function: FunctionKey | None = None,
        trace_id: str | None = None,
        moment: LogMoment | None = None,
    ) -> None:
        super().__init__()
        self.request_id = request_id
        self.function = function
        self.trace_id = trace_id
        self.moment = moment
