"""Filling buckets with boto3, and reading back everything about their objects that a copy must keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from botocore.config import Config
from botocore.exceptions import ClientError
from keys import AWKWARD_KEYS, Refused, Renamed

PARALLEL = 16
"""Requests in flight; boto3 takes a whole core well before that many."""

CLIENT_CONFIG = Config(max_pool_connections=PARALLEL)

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class NewObject:
    """An object as it is put. Without a content type the server picks one."""

    key: str
    body: bytes
    content_type: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredObject:
    """An object as a server lists it (size, ETag) and as its HEAD describes it (the rest)."""

    size: int
    etag: str
    content_type: str
    metadata: dict[str, str]


def in_parallel(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The results in the order of the items; throws what the first failing item threw."""
    with ThreadPoolExecutor(PARALLEL) as pool:
        return list(pool.map(work, items))


def awkward_objects() -> list[NewObject]:
    """One object for every awkward key. Its metadata names it, whatever the server makes of its key; a key that ends in
    a slash has no content, as the folders that consoles make.
    """
    return [
        NewObject(
            key=awkward.text,
            body=b"" if awkward.key.endswith(b"/") else awkward.key,
            content_type="text/plain; charset=utf-8",
            metadata={"name": awkward.name, "note": "a  b=c+d%20e"},
        )
        for awkward in AWKWARD_KEYS
    ]


def ordinary_objects(count: int) -> list[NewObject]:
    """Objects with harmless keys, over ten folders: every third with metadata, every fourth with a content type, every
    hundredth without content.
    """
    return [
        NewObject(
            key=f"ordinary/{index % 10}/{index:07}",
            body=b"" if index % 100 == 0 else f"content of {index}".encode(),
            content_type="application/json" if index % 4 == 0 else None,
            metadata={"index": str(index)} if index % 3 == 0 else {},
        )
        for index in range(count)
    ]


def put(client: Any, bucket: str, new: NewObject) -> str | None:
    """Puts one object; the error's code when the server refuses it."""
    content_type = {"ContentType": new.content_type} if new.content_type else {}
    try:
        client.put_object(Bucket=bucket, Key=new.key, Body=new.body, Metadata=new.metadata, **content_type)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def put_all(client: Any, bucket: str, objects: list[NewObject]) -> dict[str, str]:
    """Puts objects; the codes of those that the server refused, by key."""
    codes = in_parallel(lambda new: put(client, bucket, new), objects)
    return {new.key: code for new, code in zip(objects, codes, strict=True) if code is not None}


def listed(client: Any, bucket: str, prefix: str = "") -> dict[str, dict[str, Any]]:
    """What the listing says of every key under a prefix."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return {entry["Key"]: entry for page in pages for entry in page.get("Contents", [])}


def stored(client: Any, bucket: str, prefix: str = "") -> dict[str, StoredObject]:
    """Every object under a prefix, by key: one HEAD for each."""

    def describe(entry: dict[str, Any]) -> StoredObject:
        head = client.head_object(Bucket=bucket, Key=entry["Key"])
        return StoredObject(entry["Size"], entry["ETag"], head["ContentType"], head["Metadata"])

    entries = listed(client, bucket, prefix)
    return dict(zip(entries, in_parallel(describe, entries.values()), strict=True))


def quirks(objects: dict[str, StoredObject], refusals: dict[str, str]) -> dict[str, Refused | Renamed]:
    """What a server did with the awkward keys that were put, by the key's name, where it did not keep them; from the
    objects that it lists and the keys that it refused. A renamed object is known by its metadata; one that is gone
    stands as renamed to nothing.
    """
    keys_by_name = {each.metadata.get("name"): key for key, each in objects.items()}
    found: dict[str, Refused | Renamed] = {}
    for awkward in AWKWARD_KEYS:
        if awkward.text in refusals:
            found[awkward.name] = Refused(refusals[awkward.text])
        elif awkward.text not in objects:
            found[awkward.name] = Renamed(keys_by_name.get(awkward.name, "").encode())
    return found
