"""Every scalar function as SQL, by its name in lower case."""

from lambdatop.insights.sql_call import CompileCall
from lambdatop.insights.sql_date_functions import DATE_FUNCTIONS
from lambdatop.insights.sql_general_functions import GENERAL_FUNCTIONS
from lambdatop.insights.sql_network_functions import NETWORK_FUNCTIONS
from lambdatop.insights.sql_numeric_functions import NUMERIC_FUNCTIONS
from lambdatop.insights.sql_text_functions import TEXT_FUNCTIONS

SCALAR_FUNCTIONS: dict[str, CompileCall] = {
    **NUMERIC_FUNCTIONS,
    **DATE_FUNCTIONS,
    **GENERAL_FUNCTIONS,
    **NETWORK_FUNCTIONS,
    **TEXT_FUNCTIONS,
}
