"""Who gives out credentials and takes them back: an SSO portal and STS on 127.0.0.1, with an account behind them."""

import json
import re
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

_ACCESS_KEY = re.compile(r"Credential=([^/]+)/")
_HOUR_S = 3_600


class Logins:
    """What the endpoint accepts, and what it was asked."""

    def __init__(self, account_url: str | None = None) -> None:
        self.account_url = account_url
        """Where calls with credentials that are good go on to; without it only GetCallerIdentity is answered."""
        self.ended: set[str] = set()
        """Access keys whose credentials have expired."""
        self.tokens: set[str] = set()
        """SSO tokens that are good."""
        self.forbidden_roles: set[str] = set()
        self.role_life_s = _HOUR_S
        self.asked: list[tuple[str, str]] = []
        """Operations with the access key or token that each was asked with."""
        self.url = ""

    def role(self, key: str) -> dict[str, str | int]:
        """Credentials that begin now."""
        expires_s = int(time.time()) + self.role_life_s
        return {"accessKeyId": key, "secretAccessKey": "s", "sessionToken": "t", "expiration": expires_s * 1000}


@contextmanager
def login_endpoint(account_url: str | None = None) -> Iterator[Logins]:
    """Serve it."""
    logins = Logins(account_url)
    handler = type("Handler", (_Handler,), {"logins": logins})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    logins.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield logins
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    logins: Logins

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        form = parse_qs(body.decode()) if b"Action=" in body else {}
        action = form.get("Action", [""])[0]
        found = _ACCESS_KEY.search(self.headers.get("Authorization", ""))
        key = found[1] if found else ""
        if urlsplit(self.path).path == "/federation/credentials":
            self._role_of_token(self.headers.get("x-amz-sso_bearer_token", ""))
        elif key in self.logins.ended:
            self.logins.asked.append((action or self.path, key))
            self._refuse("ExpiredToken" if action else "ExpiredTokenException", "has expired", is_xml=bool(action))
        elif action == "AssumeRole":
            self._assume(form["RoleArn"][0].rsplit("/", 1)[1], key)
        elif self.logins.account_url is not None:
            self._pass_on(body)
        else:
            self.logins.asked.append((action, key))
            self._answer(200, _xml(action, f"<Account>123456789012</Account><Arn>arn:aws:sts::1:{key}</Arn>"))

    do_GET = do_PUT = do_POST  # noqa: N815  the names the standard library calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature is the library's
        """Say nothing."""

    def _role_of_token(self, token: str) -> None:
        self.logins.asked.append(("GetRoleCredentials", token))
        if token in self.logins.tokens:
            self._answer(200, json.dumps({"roleCredentials": self.logins.role(f"of-{token}")}))
        else:
            self._refuse("UnauthorizedException", "Session token not found or invalid", is_xml=False, status=401)

    def _assume(self, role: str, key: str) -> None:
        self.logins.asked.append(("AssumeRole", key))
        if role in self.logins.forbidden_roles:
            self._refuse("AccessDenied", f"not authorized to perform: sts:AssumeRole on {role}", is_xml=True)
            return
        given = self.logins.role(role)
        ends_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(given["expiration"]) / 1000))
        credentials = (
            f"<AccessKeyId>{role}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            f"<Expiration>{ends_at}</Expiration>"
        )
        self._answer(200, _xml("AssumeRole", f"<Credentials>{credentials}</Credentials>"))

    def _pass_on(self, body: bytes) -> None:
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        request = urllib.request.Request(  # noqa: S310  the embedded account's own address
            f"{self.logins.account_url}{self.path}", body or None, headers, method=self.command
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                self._answer(answer.status, answer.read().decode(), dict(answer.headers))
        except HTTPError as refusal:
            self._answer(refusal.code, refusal.read().decode(), dict(refusal.headers))

    def _refuse(self, code: str, message: str, *, is_xml: bool, status: int = 403) -> None:
        if is_xml:
            body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
        else:
            body = json.dumps({"__type": code, "message": message})
        self._answer(status, body, {"x-amzn-ErrorType": code})

    def _answer(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())


def _xml(operation: str, content: str) -> str:
    result = f"<{operation}Result>{content}</{operation}Result>"
    return f'<{operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">{result}</{operation}Response>'
