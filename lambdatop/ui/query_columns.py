"""Which columns of a table are shown, and how far to scroll so that one of them is on screen."""

from lambdatop.render.query_layout import QueryColumn
from lambdatop.render.query_table import QueryTable


def shown_columns(table: QueryTable) -> tuple[QueryColumn, ...]:
    """Return the columns that are not hidden, in their order."""
    return tuple(column for column in table.columns if column.name not in table.choice.hidden)


def skip_for(table: QueryTable, column: int, width: int) -> int:
    """Return how many columns to scroll out at the left so that one of those shown is on screen."""
    name = shown_columns(table)[column].name
    skip = min(table.choice.skip, column)
    while skip < column:
        placed = table.changed(table.choice._replace(skip=skip)).layout(width).placed
        if any(one.column.name == name for one in placed):
            break
        skip += 1
    return skip
