"""Signs S3 requests with botocore's signer, as a witness for Brigade's own.

Reads one JSON object a line on stdin and answers each with one on stdout, until stdin ends:

    {"method": "GET", "path": HEX, "query": [[HEX, HEX], …], "headers": [[NAME, VALUE], …], "payloadHash": "…",
     "accessKey": "…", "secretKey": "…", "sessionToken": null, "region": "…", "date": "20260101T000000Z"}

    {"canonicalRequest": "…", "stringToSign": "…", "authorization": "…"}

HEX is raw bytes, not yet percent-encoded, as hexadecimal digits: the path is that of the URL (`/bucket/key`), the query
is names and values. Headers are those to sign without `x-amz-date`, `x-amz-content-sha256` and `x-amz-security-token`,
which the signer adds from the fields of the same meaning; `Host` has to be among them. A line that is not understood
is answered with {"error": "…"}.

S3's rules of a path hold: it is encoded once, by the function with which boto3 encodes keys, and never normalised
("Create a signed AWS API request", IAM user guide: "do not normalize URI paths for requests to Amazon S3").
"""

from __future__ import annotations

import json
import sys
from typing import Any

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import percent_encode


class WitnessAuth(S3SigV4Auth):
    """botocore's signer for S3 at a given moment, for a payload of which only the hash is known."""

    def payload(self, request: AWSRequest) -> str:
        return request.context["payload hash"]

    def _set_necessary_date_headers(self, request: AWSRequest) -> None:
        """Signs `x-amz-date` whether or not there is a `Date`, which botocore would send in its place."""
        request.headers["X-Amz-Date"] = request.context["timestamp"]

    def sign(self, request: AWSRequest) -> dict[str, str]:
        """add_auth, with the steps between kept."""
        self._modify_request_before_signing(request)
        canonical_request = self.canonical_request(request)
        string_to_sign = self.string_to_sign(request, canonical_request)
        self._inject_signature_to_request(request, self.signature(string_to_sign, request))
        return {
            "canonicalRequest": canonical_request,
            "stringToSign": string_to_sign,
            "authorization": request.headers["Authorization"],
        }


def encoded_url(path: bytes, query: list[tuple[bytes, bytes]]) -> str:
    """The URL that boto3 would request; its host is not signed, the Host header is."""
    pairs = [f"{percent_encode(name)}={percent_encode(value)}" for name, value in query]
    return "http://host.invalid" + percent_encode(path, safe="/~") + ("?" + "&".join(pairs) if pairs else "")


def witness(question: dict[str, Any]) -> dict[str, str]:
    """The answer to one line."""
    query = [(bytes.fromhex(name), bytes.fromhex(value)) for name, value in question["query"]]
    request = AWSRequest(method=question["method"], url=encoded_url(bytes.fromhex(question["path"]), query))
    for name, value in question["headers"]:
        request.headers[name] = value
    if "Host" not in request.headers:
        raise ValueError("there is no Host among the headers")
    request.context |= {"timestamp": question["date"], "payload hash": question["payloadHash"]}
    credentials = Credentials(question["accessKey"], question["secretKey"], question["sessionToken"])
    return WitnessAuth(credentials, "s3", question["region"]).sign(request)


def main() -> None:
    for line in sys.stdin:
        try:
            answer = witness(json.loads(line))
        except (KeyError, TypeError, ValueError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
