"""Secrets are found in every dress they come in, ordinary lines are left alone, and JSON stays JSON.

The secrets are made up, and put together here from parts, so that no scanner of this repository takes them for true.
"""

import json
import re
import time
import tomllib
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from lambdatop.render.redaction import NAMES, Redaction, redacted

TESTS = Path(__file__).parents[1]
EVERY = Redaction.of()


def mixed(length: int) -> str:
    return "".join("aB3dE5gH7jK9mN2pQ4rS6tU8"[(7 * place) % 24] for place in range(length))


def part_of_token(fields: dict[str, str]) -> str:
    return urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()


KEY_ID = "AK" + "IA" + "QWERTY2345ZX7Q2A"
TEMPORARY_KEY_ID = "AS" + "IA" + "QWERTY2345ZX7Q2B"
SECRET_KEY = mixed(38) + "/+"
SESSION = "IQoJ" + "b3JpZ2lu" + mixed(300)
TOKEN = mixed(40)
JWT = ".".join((part_of_token({"alg": "RS256", "typ": "JWT"}), part_of_token({"sub": "ann"}), mixed(43)))
PEM_BODY = f"{mixed(64)}\n{mixed(64)}"
PEM = f"-----BEGIN RSA {'PRIVATE'} KEY-----\n{PEM_BODY}\n-----END RSA {'PRIVATE'} KEY-----"
GITHUB, SLACK, STRIPE = "gh" + "p_" + mixed(36), "xo" + "xb-123456789012-" + mixed(24), "sk_" + "live_" + mixed(24)
PASSWORD = "hunter" + "-2"
BASIC = "YW5uOm" + "h1bnRlcg=="

SECRETS = [
    ("aws-key", f"using {KEY_ID} now", KEY_ID, "using ⟨AWS key ID …7Q2A⟩ now"),
    ("aws-key", f"creds={TEMPORARY_KEY_ID}:{SECRET_KEY}.", SECRET_KEY, "creds=⟨AWS key ID …7Q2B⟩:⟨AWS secret key⟩."),
    ("aws-key", f"?X-Amz-Credential={KEY_ID}%2F20261121%2Feu-west-1", KEY_ID, "…7Q2A⟩%2F20261121%2Feu-west-1"),
    ("field", f"AWS_SECRET_ACCESS_KEY={SECRET_KEY}", SECRET_KEY, "AWS_SECRET_ACCESS_KEY=⟨AWS secret key⟩"),
    ("field", f'{{"SecretAccessKey": "{SECRET_KEY}"}}', SECRET_KEY, '{"SecretAccessKey": "⟨AWS secret key⟩"}'),
    ("field", f"aws_secret_access_key = {SECRET_KEY}\n", SECRET_KEY, "aws_secret_access_key = ⟨AWS secret key⟩\n"),
    ("aws-session-token", f"got {SESSION}", SESSION, "got ⟨AWS session token⟩"),
    ("field", f"AWS_SESSION_TOKEN={mixed(200)}", mixed(200), "AWS_SESSION_TOKEN=⟨AWS session token⟩"),
    ("jwt", f"token is {JWT}", JWT, "token is ⟨JWT⟩"),
    ("jwt", f'{{"cookie":"id={JWT}; path=/"}}', JWT, '{"cookie":"id=⟨JWT⟩; path=/"}'),
    ("jwt", f"Authorization: Bearer {JWT}", JWT, "Authorization: Bearer ⟨JWT⟩"),
    ("authorization", f"Authorization: Bearer {TOKEN}", TOKEN, f"Authorization: Bearer ⟨bearer token …{TOKEN[-4:]}⟩"),
    ("authorization", f"'authorization': 'Basic {BASIC}'", BASIC, "'authorization': 'Basic ⟨basic credentials⟩'"),
    ("authorization", f'"Authorization":["{TOKEN}"]', TOKEN, '"Authorization":["⟨authorization⟩"]'),
    ("authorization", 'Authorization: Digest username="ann", nonce="q q"; x', "ann", "Digest ⟨authorization⟩; x"),
    ("bearer-token", f"sent bearer {TOKEN}, refused", TOKEN, f"sent bearer ⟨bearer token …{TOKEN[-4:]}⟩, refused"),
    ("basic-credentials", f"curl -H 'X: Basic {BASIC}'", BASIC, "curl -H 'X: Basic ⟨basic credentials⟩'"),
    ("private-key", f"read {PEM} at once", PEM_BODY, "read ⟨private key⟩ at once"),
    ("private-key", json.dumps({"key": PEM}), mixed(64), '{"key": "⟨private key⟩"}'),
    ("private-key", PEM[:90], mixed(40), "⟨private key⟩"),
    ("card", "paid with 4242 4242 4242 4242.", "4242 4242", "paid with ⟨card …4242⟩."),
    ("card", "5555-5555-5555-4444", "5555-5555", "⟨card …4444⟩"),
    ("card", "amex 3782 822463 10005 ok", "822463", "amex ⟨card …0005⟩ ok"),
    ("card", '{"card":4111111111111111}', "41111", '{"card":"⟨card …1111⟩"}'),
    ("card", '{"cards":[4111111111111111,2]}', "41111", '{"cards":["⟨card …1111⟩",2]}'),
    ("card", "card: 2223003122003222", "22230031", "card: ⟨card …3222⟩"),
    ("card", "card 4222222222222", "42222", "card ⟨card …2222⟩"),
    ("card", "2024 4111 1111 1111 1111", "4111", "2024 ⟨card …1111⟩"),
    ("e-mail", "for ann.lee+x@mail.example.com!", "ann.lee", "for ⟨e-mail …@mail.example.com⟩!"),
    ("e-mail", '"to:\\nann@example.com"', "ann", '"to:\\n⟨e-mail …@example.com⟩"'),
    ("vendor-token", f"git clone with {GITHUB}", GITHUB, f"git clone with ⟨GitHub token …{GITHUB[-4:]}⟩"),
    ("vendor-token", f"github{'_pat_'}{mixed(22)}_{mixed(59)}", mixed(22), "⟨GitHub token …"),
    ("vendor-token", f"gh{'s_'}{mixed(20)}.{mixed(20)}-{mixed(20)} x", mixed(20), " x"),
    ("vendor-token", f"slack: {SLACK}", SLACK, "slack: ⟨Slack token …"),
    ("vendor-token", f"key={STRIPE}&x=1", STRIPE, "⟩&x=1"),
    ("vendor-token", f"AI{'za'}{mixed(35)}", mixed(35), "⟨Google API key …"),
    ("vendor-token", f"//registry/:_authToken=np{'m_'}{mixed(36)}", mixed(36), "⟨npm token …"),
    ("vendor-token", f"gl{'pat-'}{mixed(20)}", mixed(20), "⟨GitLab token …"),
    ("vendor-token", f"S{'G.'}{mixed(22)}.{mixed(43)}", mixed(22), "⟨SendGrid key …"),
    ("url-password", f"postgres://shop:{PASSWORD}@db:5432/x", PASSWORD, "postgres://shop:⟨password⟩@db:5432/x"),
    ("url-password", f"redis://:{PASSWORD}@cache", PASSWORD, "redis://:⟨password⟩@cache"),
    ("url-password", "amqp://a:p@ss@mq.example.com/v", "ss@", "amqp://a:⟨password⟩@mq.example.com/v"),
    ("field", f"password={PASSWORD}&user=ann", PASSWORD, "password=⟨password⟩&user=ann"),
    ("field", f"DB_PASS={PASSWORD} HOST=db", PASSWORD, "DB_PASS=⟨password⟩ HOST=db"),
    ("field", f"Passwd : {PASSWORD}", PASSWORD, "Passwd : ⟨password⟩"),
    ("field", "password: correcthorse", "correcthorse", "password: ⟨password⟩"),
    ("field", '{"userPassword": "a \\"qq\\" c"}', "qq", '{"userPassword": "⟨password⟩"}'),
    ("field", '{"body":"{\\"password\\":\\"a\\\\\\"b\\"}"}', "a\\", '{"body":"{\\"password\\":\\"⟨password⟩\\"}"}'),
    ("field", '{"password":"cut o', "cut", '{"password":"⟨password⟩'),
    ("field", "User(name='ann', password='a b', age=3)", "a b", "User(name='ann', password='⟨password⟩', age=3)"),
    ("field", '{:api_key=>"k-1", :n=>2}', "k-1", '{:api_key=>"⟨API key⟩", :n=>2}'),
    ("field", f"x-api-key: {TOKEN}", TOKEN, f"x-api-key: ⟨API key …{TOKEN[-4:]}⟩"),
    ("field", '{"pin_token":123456,"n":1}', "123456", '{"pin_token":"⟨token⟩","n":1}'),
    ("field", '{"a":"{\\"token\\": 123456}"}', "123456", '{"a":"{\\"token\\": \\"⟨token⟩\\"}"}'),
    ("field", '{"x-api-key":["k-1","k-1"]}', '["k-1"', '{"x-api-key":["⟨API key⟩"'),
    ("field", f"refreshToken={TOKEN};", TOKEN, "refreshToken=⟨token …"),
    ("field", 'client_secret="abc def"', "abc", 'client_secret="⟨secret⟩"'),
    ("field", "İ password=İhunter", "hunter", "İ password=⟨password⟩"),
    ("signature", f"&X-Amz-Signature={'0a' * 32}&x", "0a0a", "&X-Amz-Signature=⟨signature⟩&x"),
]  # fmt: skip
ORDINARY = [
    "START RequestId: c3252230-c73d-49f6-8844-968c01d1e2e1 Version: $LATEST",
    "order 4539578763621486 shipped",  # as long as a card's number and with its sum
    '{"order_id":4539578763621486,"trace":"1-5759e988-bd862e3fe1be46a994272793"}',
    "epoch 1795230000123 and 1795230000123456 and 4539578763621",
    "tracking number: 6011000990139424",
    "c3252230-4242-4242-4242-424242424242",
    "1.4242424242424242 and 4242424242424242.5",
    "SyntaxError: Unexpected token: foo in JSON at position 4",
    "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
    '{"nextToken":"AbCd1234efgh","max_tokens":4096,"token_type":"Bearer","continuation_token":"12345678"}',
    "password: must not be empty",
    "password changed for 3 users; secret rotated; token expired",
    '{"password":null,"secret":"***","token":"","api_key":false}',
    "PWD=/var/task OLDPWD=/",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-Ab12Cd",
    '{"secret":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-Ab12Cd"}',
    "AROAQWERTY2345ZX7Q2A:session assumed",  # a role's ID opens nothing
    "xAKIAQWERTY2345ZX7Q2A and AKIAQWERTY",
    "eyJ.eyJ.x and eyJub3QganNvbg.aaaa.bbbb",
    "npm install left-pad@1.3.0 @aws-sdk/client-s3@3.600.0 logo@2x.png",
    "git@github.com:shop/orders.git, see https://example.com:8080/a@b",
    "ssh://git@example.com/x and http://host:8080?to=3",
    "com.shop.Cart@1f2e3d4c and @Override and user@localhost",
    "Basic authentication needed; Bearer realm; bearer token missing",
    "-----BEGIN CERTIFICATE----- MIIB -----END CERTIFICATE-----",
    "sk_livery and ghp_short and xoxo-hugs and npm_config_cache",
    "Signature=short and signature mismatch",
    "the secretary's tokens: 3, passwordless: true",
]
TRUE_IN_CORPUS = {"e-mail": 9, "jwt": 2, "signature": 2}
"""The lines of the corpora that hold (made-up) personal data or credentials, by kind."""


@pytest.mark.parametrize(("name", "text", "secret", "left"), SECRETS, ids=range(len(SECRETS)))
def test_a_secret_is_found_and_what_stands_around_it_stays(name: str, text: str, secret: str, left: str) -> None:
    assert secret in text
    assert name in EVERY.found(text)
    changed = redacted(text)
    assert secret not in changed
    assert left in changed
    assert redacted(changed) == changed


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_line_is_left_alone(text: str) -> None:
    assert (EVERY.found(text), redacted(text)) == ((), text)


def test_no_line_of_the_corpora_is_taken_for_a_secret_that_it_does_not_hold() -> None:
    lines = [
        line["text"] for path in sorted((TESTS / "lines").glob("*.toml"))
        for line in tomllib.loads(path.read_text())["line"]
    ]  # fmt: skip
    causes = tomllib.loads((TESTS / "error_lines.toml").read_text())["cause"]
    lines += [line for cause in causes for line in cause["lines"]]
    assert len(lines) > 700
    found = [name for line in lines for name in EVERY.found(line)]
    assert {name: found.count(name) for name in found} == TRUE_IN_CORPUS


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
@pytest.mark.parametrize(("name", "text", "secret", "left"), SECRETS, ids=range(len(SECRETS)))
def test_json_stays_json_however_deep_the_secret_is_wrapped(
    depth: int,
    name: str,
    text: str,
    secret: str,
    left: str,  # noqa: ARG001  one table
) -> None:
    line = json.dumps({"message": text, "items": [4242424242424242, "after"], text: 7, "n": 12.5})
    for _ in range(depth):
        line = json.dumps({"level": "INFO", "body": line, "end": True})
    changed = redacted(line)
    assert set(NAMES) >= set(EVERY.found(line)) >= {name}
    value = json.loads(changed)
    for _ in range(depth):
        assert value["end"] is True
        value = json.loads(value["body"]) if value["body"].endswith("}") else value["body"]
    assert depth or (value["n"], value["items"][1]) == (12.5, "after")
    assert json.dumps(secret)[1:-1] not in changed


def test_kinds_can_be_chosen_and_own_patterns_come_first() -> None:
    text = f"tenant-42 ann@example.com {KEY_ID}"
    assert Redaction.of(["e-mail"]).redacted(text) == f"tenant-42 ⟨e-mail …@example.com⟩ {KEY_ID}"
    own = Redaction.of((), [re.compile("tenant-[0-9]*"), re.compile("z*")])
    assert (own.redacted(text), own.found(text)) == (f"⟨redacted⟩ ann@example.com {KEY_ID}", ("own-pattern",))
    assert Redaction.of(None, [re.compile("ann")]).redacted("ann@example.com") == "⟨redacted⟩@example.com"


def test_what_an_own_pattern_cuts_is_gone_whatever_becomes_of_json() -> None:
    own = Redaction.of(["card"], [re.compile('tenant": [0-9]+')])
    assert own.redacted('{"tenant": 42, "n": [4242424242424242]}') == '{"⟨redacted⟩, "n": [⟨card …4242⟩]}'


NEAR_MISSES = [
    "AKIA", "eyJhbGciOiJIUzI1NiJ9.", "-eyJhbGci.", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\"", "://a:",
    "://a:b", "a@", "a@b.", "4111 1111 1111 1112 ", "4111 ", "4", "bearer a", "basic YWFh", "password=", "password='",
    "\\\"password\\\":\\\"", "\"password\":\"\\", "token=\\'", "authorization: digest ", "token: a b ", "_pass_pass",
    "github_pat_", "SG.a.", "IQoJb3JpZ2lu", "\\", "\\\"", "password=⟨", "İpassword=İ", "[{\"token\":",
]  # fmt: skip


@pytest.mark.parametrize("piece", NEAR_MISSES)
def test_the_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    """A tenth of a megabyte that takes the square of its length would take minutes."""
    for text in (piece * (100_000 // len(piece)), piece + "a" * 100_000, (piece + "\\" * 7) * 10_000):
        began_s = time.process_time()
        redacted(text)
        assert time.process_time() - began_s < 1.0
