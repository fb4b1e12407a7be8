"""Going from a row of a query to its request, and to the log that it is of."""

from lambdatop.model.log_line import key_of_time
from lambdatop.model.question import LogMoment
from lambdatop.ui.query_row import RowOrigin
from lambdatop.ui.screens.function_actions import open_request
from lambdatop.ui.screens.place import PlaceScreen


def follow_request(screen: PlaceScreen, origin: RowOrigin) -> None:
    """Open the request that a row comes from, or say why it is not known."""
    moment = None
    if origin.log_stream is not None and origin.timestamp_ms is not None:
        moment = LogMoment(origin.log_stream, origin.timestamp_ms)
    if origin.request_id is None and (moment is None or origin.function is None):
        sentence = "The row names no request, and no log stream, time and watched function; enter fetches all fields."
        screen.notify(sentence, timeout=6, markup=False)
    else:
        open_request(screen.app, screen.session, origin.request_id, origin.function, moment)


def follow_log(screen: PlaceScreen, origin: RowOrigin) -> None:
    """Read the log of the function that a row comes from."""
    if origin.function is None:
        sentence = "The row's @log names no function that is watched; enter fetches all fields."
        screen.notify(sentence, timeout=6, markup=False)
        return
    from lambdatop.ui.screens.logs import LogsScreen

    at = None if origin.timestamp_ms is None else key_of_time(origin.timestamp_ms)
    screen.app.push_screen(LogsScreen(screen.session, (origin.function,), at=at))
