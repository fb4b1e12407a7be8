"""Which quoted words of an error message are names in the program, which tell bugs apart, and which are values.

`KeyError: 'currency'` and `KeyError: 'price'` are two bugs with two fixes; `no customer 'acme'` and `no customer
'zenith'` are one. A quoted word is a name where it looks like one and the words around it, or the error's type, speak
of code or of a schema: a module, an attribute, a column, a missing key. Everything else in quotes is a value.
"""

import re

_NAME_SHAPED = re.compile(r"[^\W\d][\w$@./:<>(),*\[\]|+?-]{0,99}(?:, [\w$.]+\)?)*|[$@./<][\w$@./:<>(),*\[\]-]{1,99}")
_TYPE = re.compile(
    r"\b(?:Key|Name|Attribute|Import|ModuleNotFound|ImportModule|Reference|NoMethod|UnboundLocal|Type|KeyNotFound|Index"
    r"|NullPointer|ClassNotFound|NoClassDefFound|NoSuchMethod|NoSuchField|MissingMethod|UndefinedColumn|UndefinedTable"
    r"|EntryPointNotFound|TypeLoad|Load|NullReference|UndefinedFunction|ExternalModule|KeyMissing)(?:Error|Exception)\b"
)
"""Errors about names: all that they quote is one."""
_NOUN = re.compile(
    r"(?:\b(?:module|package|attribute|property|propert(?:y|ies)|method|function|field|fields|column|columns|table|view"
    r"|relation|constraint|index|key|keys|header|headers|parameter|parameters|params|param|argument|arguments|arg"
    r"|variable|variables|env|environment|operation|class|interface|type|types|struct|schema|sequence|database|bucket"
    r"|queue|topic|stream|secret|reading|setting|read|named|operand|import|handler|symbol|identifier|option|directive"
    r"|extension|plugin|library|layer|service|endpoint|host|hostname|require|invoke|because|of|for key|missing"
    r"|required|undefined|path|action|role|feature|flag|scope|metric|enum|member|local|template|driver|codec"
    r"|provider|parameter in input)"
    r"|operand type\(s\) for [^:]{1,4})(?:\(s\))?(?: (?:is|was|to be|value of))?[\s:=\"'([]{1,6}\Z",
    re.IGNORECASE,
)
"""What stands before a name."""
_VALUE_NOUN = re.compile(
    r"\b(?:user|customer|order|account|id|tenant|value|item|sku|coupon|token|file|email|e-mail|product|name of|cart"
    r"|with value|string|message|text|country|city|title|found|got)[\s:=\"'([]{1,4}\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r" (?:object|objects|instance)\b|\s?(?:\([^)]{0,20}\) )?(?:is|was|are|has|have|does|doesn't|must|should|cannot)"
    r" (?:not |n't |been |be |no )*(?:defined|a function|undefined|null|nil|required|missing|iterable|callable|have"
    r"|attribute|a valid|a number|a string|an array|an integer|a boolean|present|allowed|subscriptable|a constructor"
    r"|positive|greater|less|set|exist|one of|empty|at least)\b|: (?:is|must|should) | (?:missing on|not set\b)"
)
"""What stands after a name."""
_CHAINED = re.compile(r"(['\"`])([^'\"`]{1,100})\1(?:,? and |,? or |, )\Z")
"""The quoted text before this one, joined to it by a comma, `and` or `or`."""
_IMPORTED = re.compile(r"\b(?:modules?|package|import|require|handler|path|layer|file or directory|entrypoint)\b")
_DEPLOYED = re.compile(r"/var/task/|/opt/|[.@]|[\w.]+\(")


def is_quoted_name(before: str, quoted: str, after: str) -> bool:
    """Return whether a quoted text, with its quotes, is a name; `before` may begin with the error's type.

    >>> is_quoted_name("KeyError: ", "'currency'", ""), is_quoted_name("no customer ", "'acme'", "")
    (True, False)
    """
    inner = quoted.lstrip("bu")[1:-1]
    if _NAME_SHAPED.fullmatch(inner) is None:
        return False
    if "/" in inner and not (_DEPLOYED.match(inner) or _IMPORTED.search(before[-60:])):
        return False
    if _AFTER.match(after) is not None:
        return True
    if _VALUE_NOUN.search(before[-32:]) is not None:
        return False
    if _NOUN.search(before[-48:]) is not None or _TYPE.search(before) is not None:
        return True
    one = _CHAINED.search(before[-110:])
    if one is None:
        return False
    return is_quoted_name(before[: len(before) - len(one[0])], one[0][: len(one[2]) + 2], "")
