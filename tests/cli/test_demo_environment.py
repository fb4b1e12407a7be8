import subprocess

from lambdatop.cli.demo_environment import demo_environment, isolate, shell_lines

ENDPOINT = "http://127.0.0.1:4000"


def test_nothing_of_the_users_own_account_is_left() -> None:
    environment = {
        "AWS_PROFILE": "prod", "AWS_DEFAULT_PROFILE": "prod", "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SESSION_TOKEN": "token",
        "AWS_ENDPOINT_URL_LAMBDA": "https://elsewhere", "AWS_CA_BUNDLE": "/ca", "AWS_CONFIG_FILE": "/home/me/config",
        "HTTPS_PROXY": "http://proxy", "http_proxy": "http://proxy", "HOME": "/home/me", "TERM": "xterm",
    }  # fmt: skip
    isolate(environment, ENDPOINT, "us-east-1")
    assert environment == {
        "HOME": "/home/me", "TERM": "xterm", "AWS_ENDPOINT_URL": ENDPOINT, "AWS_ACCESS_KEY_ID": "lambdatop-demo",
        "AWS_SECRET_ACCESS_KEY": "lambdatop-demo", "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true", "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }  # fmt: skip


def test_a_shell_takes_the_lines_as_they_are() -> None:
    lines = "\n".join(shell_lines(demo_environment("http://127.0.0.1:4000/a b", "us-east-1")))
    ended = subprocess.run(
        ["sh", "-c", f'{lines}\necho "$AWS_ENDPOINT_URL|$AWS_PROFILE|$AWS_REGION"'],
        capture_output=True, text=True, check=True, env={"AWS_PROFILE": "prod", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert ended.stdout == "http://127.0.0.1:4000/a b||us-east-1\n"
    assert not ended.stderr
