"""The signer's witness, checked against the published examples before it is believed.

Source: "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk", S3 API reference.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EMPTY_HASH = hashlib.sha256(b"").hexdigest()


def question(path: bytes, **changes: Any) -> dict[str, Any]:
    """A GET of `path` in the published examples' bucket, at their time and with their credentials."""
    return {
        "method": "GET",
        "path": path.hex(),
        "query": [],
        "headers": [["Host", "examplebucket.s3.amazonaws.com"]],
        "payloadHash": EMPTY_HASH,
        "accessKey": "AKIAIOSFODNN7EXAMPLE",
        "secretKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "sessionToken": None,
        "region": "us-east-1",
        "date": "20130524T000000Z",
    } | changes


def ask(*questions: Any) -> list[dict[str, str]]:
    """The answers of a process of its own."""
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    script = Path(__file__).with_name("signer_witness.py")
    result = subprocess.run(
        [sys.executable, script], input=lines, capture_output=True, text=True, check=True, timeout=60
    )
    return [json.loads(line) for line in result.stdout.splitlines()]


def pairs(**query: str) -> list[list[str]]:
    return [[name.replace("_", "-").encode().hex(), value.encode().hex()] for name, value in query.items()]


PUBLISHED = {
    "GET object": (
        question(b"/test.txt", headers=[["Host", "examplebucket.s3.amazonaws.com"], ["Range", "bytes=0-9"]]),
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
    "PUT object": (
        question(
            b"/test$file.text",
            method="PUT",
            headers=[
                ["Host", "examplebucket.s3.amazonaws.com"],
                ["Date", "Fri, 24 May 2013 00:00:00 GMT"],
                ["x-amz-storage-class", "REDUCED_REDUNDANCY"],
            ],
            payloadHash=hashlib.sha256(b"Welcome to Amazon S3.").hexdigest(),
        ),
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ),
    "GET bucket lifecycle": (
        question(b"/", query=pairs(lifecycle="")),
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ),
    "GET bucket": (
        question(b"/", query=pairs(prefix="J", max_keys="2")),
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
}


@pytest.mark.parametrize("example", PUBLISHED)
def test_published_example(example: str) -> None:
    asked, signature = PUBLISHED[example]
    [answer] = ask(asked)
    assert answer["authorization"].endswith(f"Signature={signature}")


@pytest.mark.parametrize(
    ("path", "encoded"),
    {
        b"/b/a b+c%41": "/b/a%20b%2Bc%2541",
        b"/b//a/./../c/": "/b//a/./../c/",
        b"/b/~-_.*'()!": "/b/~-_.%2A%27%28%29%21",
        b"/b/\xff\x00?#": "/b/%FF%00%3F%23",
    }.items(),
)
def test_path_is_encoded_once_and_not_normalised(path: bytes, encoded: str) -> None:
    [answer] = ask(question(path))
    assert answer["canonicalRequest"].splitlines()[1] == encoded


def test_session_token_is_signed() -> None:
    [answer] = ask(question(b"/", sessionToken="token=="))
    assert "\nx-amz-security-token:token==\n" in answer["canonicalRequest"]
    assert "x-amz-security-token" in answer["authorization"]


def test_lines_are_answered_in_turn_and_nonsense_with_an_error() -> None:
    answers = ask(question(b"/1"), {"method": "GET"}, question(b"/", headers=[]), question(b"/2"))
    assert [answer.get("error", "")[:10] for answer in answers] == ["", "KeyError: ", "ValueError", ""]
    assert [answers[index]["canonicalRequest"].splitlines()[1] for index in (0, 3)] == ["/1", "/2"]
