"""The listings of `brigade serve`, compared page by page with a model."""

from __future__ import annotations

import random
import urllib.parse
from typing import Any

import pytest
from buckets import NewObject, put_all
from keys import AWKWARD_KEYS
from listing_model import Page, pages

KEYS = sorted(
    {awkward.key for awkward in AWKWARD_KEYS}
    | {f"tree/{branch}/{leaf}".encode() for branch in "abé" for leaf in range(20)}
    | {f"flat-{number}".encode() for number in range(150)}
)

SEED = 20_260_101


@pytest.fixture(scope="module")
def full_bucket(client: Any) -> str:
    """A bucket that holds KEYS."""
    client.create_bucket(Bucket="listings")
    assert put_all(client, "listings", [NewObject(key.decode(), key) for key in KEYS]) == {}
    return "listings"


def answered_pages(client: Any, bucket: str, operation: str = "list_objects_v2", **arguments: Any) -> list[Page]:
    """The pages that boto3 gets, each checked to agree with its own count."""
    result = []
    for answer in client.get_paginator(operation).paginate(Bucket=bucket, **arguments):
        keys = [entry["Key"].encode() for entry in answer.get("Contents", [])]
        common_prefixes = [entry["Prefix"].encode() for entry in answer.get("CommonPrefixes", [])]
        result.append(Page(keys, common_prefixes))
        assert answer.get("KeyCount", len(result[-1])) == len(result[-1])
    return result


def start_after_of(chooser: random.Random, prefix: bytes, delimiter: bytes) -> bytes:
    """Where a listing may start by the model's rules: anywhere, but with a delimiter only after a key that it lists."""
    if delimiter:
        candidates = [key for page in pages(KEYS, prefix=prefix, delimiter=delimiter) for key in page.keys]
    else:
        candidates = KEYS + [key[:-1] for key in KEYS if key.isascii()] + [b"\x00", "\U0010ffff".encode()]
    return chooser.choice([b"", *candidates])


@pytest.mark.parametrize("case", range(60))
def test_listing_is_the_model_s(client: Any, full_bucket: str, case: int) -> None:
    chooser = random.Random(SEED + case)
    prefix = chooser.choice([b"", b"", b"a", b"awkward/", b"tree/", "tree/é".encode(), b"/", b"none", b"flat-1"])
    delimiter = chooser.choice([b"", b"", b"/", b"/", b"-", "é".encode(), b"/a"])
    start_after = start_after_of(chooser, prefix, delimiter)
    page_size = chooser.choice([1, 2, 7, 50, 1000])
    answered = answered_pages(
        client,
        full_bucket,
        Prefix=prefix.decode(),
        Delimiter=delimiter.decode(),
        StartAfter=start_after.decode(),
        PaginationConfig={"PageSize": page_size},
    )
    expected = pages(KEYS, prefix=prefix, delimiter=delimiter, start_after=start_after, page_size=page_size)
    assert answered == expected, f"{prefix=} {delimiter=} {start_after=} {page_size=}"


@pytest.mark.parametrize("delimiter", ["", "/"])
def test_first_version_of_the_listing_agrees(client: Any, full_bucket: str, delimiter: str) -> None:
    answered = answered_pages(
        client, full_bucket, "list_objects", Delimiter=delimiter, PaginationConfig={"PageSize": 33}
    )
    assert answered == pages(KEYS, delimiter=delimiter.encode(), page_size=33)


def test_continuation_token_overrides_start_after(client: Any, full_bucket: str) -> None:
    first = client.list_objects_v2(Bucket=full_bucket, MaxKeys=5)
    assert first["IsTruncated"]
    second = client.list_objects_v2(
        Bucket=full_bucket, MaxKeys=5, ContinuationToken=first["NextContinuationToken"], StartAfter="tree/"
    )
    keys = [entry["Key"].encode() for answer in (first, second) for entry in answer["Contents"]]
    assert keys == KEYS[:10]


def test_asked_for_encoding_is_left_to_the_caller(client: Any, full_bucket: str) -> None:
    answer = client.list_objects_v2(Bucket=full_bucket, EncodingType="url", Prefix="awkward/")
    keys = [entry["Key"] for entry in answer["Contents"]]
    assert all(key.isascii() and key.isprintable() and " " not in key for key in keys)
    expected = [key for key in KEYS if key.startswith(b"awkward/")]
    assert [urllib.parse.unquote_plus(key).encode() for key in keys] == expected


def test_no_more_than_a_thousand_keys_a_page(client: Any, bucket: str) -> None:
    assert put_all(client, bucket, [NewObject(f"{number:04}", b"") for number in range(1001)]) == {}
    answer = client.list_objects_v2(Bucket=bucket, MaxKeys=5000)
    assert (len(answer["Contents"]), answer["IsTruncated"]) == (1000, True)


def test_page_of_no_keys(client: Any, full_bucket: str) -> None:
    answer = client.list_objects_v2(Bucket=full_bucket, MaxKeys=0)
    assert (answer["KeyCount"], answer["IsTruncated"]) == (0, False)


def test_owner_is_listed_when_asked_for(client: Any, full_bucket: str) -> None:
    [plain] = client.list_objects_v2(Bucket=full_bucket, MaxKeys=1)["Contents"]
    [owned] = client.list_objects_v2(Bucket=full_bucket, MaxKeys=1, FetchOwner=True)["Contents"]
    assert "Owner" not in plain
    assert owned["Owner"]["ID"]
