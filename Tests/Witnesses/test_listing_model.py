"""The model of a listing, checked by hand before servers are held to it.

Keys and answers are those of "Organizing objects using prefixes" and "ListObjectsV2" in the S3 guides.
"""

from __future__ import annotations

from listing_model import Page, pages

KEYS = [
    b"sample.jpg",
    b"photos/2006/January/sample.jpg",
    b"photos/2006/February/sample2.jpg",
    b"photos/2006/February/sample3.jpg",
    b"photos/2006/February/sample4.jpg",
]


def test_keys_below_a_delimiter_become_one_common_prefix() -> None:
    assert pages(KEYS, delimiter=b"/") == [Page([b"sample.jpg"], [b"photos/"])]
    assert pages(KEYS, prefix=b"photos/2006/", delimiter=b"/") == [
        Page([], [b"photos/2006/February/", b"photos/2006/January/"])
    ]


def test_common_prefix_takes_the_place_of_one_key() -> None:
    assert pages(KEYS, delimiter=b"/", page_size=1) == [Page([], [b"photos/"]), Page([b"sample.jpg"], [])]


def test_start_is_exclusive_and_order_is_that_of_bytes() -> None:
    keys = [key.encode() for key in ("\U00010000", "\uff5e", "a", "B")]
    assert pages(keys, start_after=b"B") == [Page([b"a", "\uff5e".encode(), "\U00010000".encode()], [])]


def test_nothing_is_one_empty_page() -> None:
    assert pages(KEYS, prefix=b"none") == [Page()]
