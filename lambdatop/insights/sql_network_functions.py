"""Functions of IP addresses as SQL: IPv4 addresses are compared as numbers, IPv6 addresses as 32 hexadecimal digits."""

import ipaddress

from lambdatop.insights import syntax
from lambdatop.insights.sql_call import CompileCall, Compiling, constant_text
from lambdatop.insights.sql_value import Kind, SqlValue, as_text, boolean_value

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_IS_VALID = "(address.four IS NOT NULL OR address.six IS NOT NULL)"
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_RESERVED = (
    "0.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
    "::/128",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
    "2001:db8::/32",
)


def _is_in(address: str, network: _Network) -> str:
    """Whether an address, which both versions have been tried on, lies in a network; null where it is of the other."""
    first, last = int(network.network_address), int(network.broadcast_address)
    if network.version == 4:
        return f"({address}.four BETWEEN {first} AND {last})"
    return f"({address}.six BETWEEN '{first:032x}' AND '{last:032x}')"


def _is_in_any(networks: tuple[str, ...]) -> str:
    tests = (f"COALESCE({_is_in('address', ipaddress.ip_network(network))}, FALSE)" for network in networks)
    return f"({' OR '.join(tests)})"


def _tested(compiling: Compiling, call: syntax.Call, test: str) -> SqlValue:
    """A test of `address`, which is the first argument read once."""
    address = as_text(compiling.once(call.arguments[0]))
    read = f"{{'four': ipv4_number({address}), 'six': ipv6_digits({address})}}"
    return boolean_value(f"list_transform([{read}], lambda address: {test})[1]")


def _address_test(test: str) -> CompileCall:
    return lambda compiling, call: _tested(compiling, call, test)


def _in_subnet(*versions: int) -> CompileCall:
    def compile_call(compiling: Compiling, call: syntax.Call) -> SqlValue:
        text = constant_text(compiling, call, 1, "the subnet")
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            return SqlValue("FALSE", Kind.BOOLEAN)
        return _tested(compiling, call, _is_in("address", network) if network.version in versions else "FALSE")

    return compile_call


def _ipv4_to_number(compiling: Compiling, call: syntax.Call) -> SqlValue:
    return SqlValue(f"CAST(ipv4_number({as_text(compiling.once(call.arguments[0]))}) AS DOUBLE)", Kind.NUMBER)


NETWORK_FUNCTIONS: dict[str, CompileCall] = {
    "isvalidip": _address_test(_IS_VALID),
    "isvalidipv4": _address_test("(address.four IS NOT NULL)"),
    "isvalidipv6": _address_test("(address.six IS NOT NULL)"),
    "isipinsubnet": _in_subnet(4, 6),
    "isipv4insubnet": _in_subnet(4),
    "isipv6insubnet": _in_subnet(6),
    "isprivateip": _address_test(_is_in_any(_PRIVATE)),
    "isreservedip": _address_test(_is_in_any(_RESERVED)),
    "ispublicip": _address_test(f"({_IS_VALID} AND NOT {_is_in_any(_PRIVATE + _RESERVED)})"),
    "ipv4tonumber": _ipv4_to_number,
}
