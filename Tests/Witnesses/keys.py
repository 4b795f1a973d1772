"""Keys that careless clients and servers lose or change, and what the servers here make of them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class AwkwardKey:
    """A key as the bytes that S3 means by it, under a name that a test's report can print."""

    name: str
    key: bytes

    @property
    def text(self) -> str:
        """The key as boto3 wants it."""
        return self.key.decode()

    @property
    def fits_xml(self) -> bool:
        """Whether XML 1.0 can carry the key at all, as a batch deletion has to."""
        return re.search("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", self.text) is None


AWKWARD_KEYS: list[AwkwardKey] = [
    AwkwardKey(name, key.encode())
    for name, key in {
        # What a URL's path or query means something else by
        "space": "awkward/with space",
        "leading and trailing space": "awkward/ spaces at both ends ",
        "plus": "awkward/a+b",
        "space where the plus is": "awkward/a b",
        "encoded slash": "awkward/a%2Fb",
        "encoded letter": "awkward/%41",
        "encoded percent": "awkward/%2541",
        "lone percent": "awkward/100%",
        "question mark": "awkward/what?versionId=null",
        "hash": "awkward/#fragment",
        "equals sign": "awkward/year=2026",
        "semicolon": "awkward/a;b",
        "colon": "awkward/12:30",
        "asterisk": "awkward/*",
        "backslash": "awkward\\back\\slash",
        "tilde": "awkward/~tilde",
        "at sign, dollar and comma": "awkward/a@b$c,d",
        "brackets": "awkward/[a]{b}(c)|d^e`f!",
        # What XML means something else by, or cannot carry
        "markup": "awkward/&<>\"'",
        "encoded markup": "awkward/&amp;&#65;",
        "end of CDATA": "awkward/]]>",
        "tab": "awkward/a\tb",
        "newline": "awkward/a\nb",
        "carriage return": "awkward/a\rb",
        "control character": "awkward/\x01control",
        "delete character": "awkward/\x7fdelete",
        # What a file system means something else by
        "double slash": "awkward//double//slash",
        "leading slash": "/awkward/leading slash",
        "only a slash": "/",
        "dot part": "awkward/./dot",
        "dot-dot part": "awkward/../dot-dot",
        "dot at the end": "awkward/dot/.",
        "folder": "awkward/folder/",
        "file in the folder": "awkward/folder/file",
        "hidden file": "awkward/.hidden",
        "long part": "awkward/" + 255 * "p",
        "longer part": "awkward/" + 256 * "p",
        "longest key": "awkward/longest!" + 126 * "/1234567",
        "longest key in one part": "awkward/" + 1016 * "p",
        # Unicode
        "composed": "awkward/caf\u00e9",
        "decomposed": "awkward/cafe\u0301",
        "two bytes": "awkward/\u0416",
        "three bytes": "awkward/\u6f22",
        "emoji": "awkward/\U0001f600",
        "joined emoji": "awkward/\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "right to left": "awkward/\u202e\u05d0",
        "byte order mark": "awkward/\ufeffmark",
        "replacement character": "awkward/\ufffd",
        "noncharacter below the last of its plane": "awkward/\ufffe",
        "last of the basic plane": "awkward/\uffff",
        "last code point": "awkward/\U0010ffff",
        # Ordered one way by UTF-8 and the other way by UTF-16
        "full-width tilde, before": "awkward/order/\uff5e",
        "first beyond the basic plane, after": "awkward/order/\U00010000",
    }.items()
]
"""In no order. Every key is one that S3 itself takes: 1 to 1,024 bytes of UTF-8."""

assert all(1 <= len(awkward.key) <= 1024 for awkward in AWKWARD_KEYS)
assert any(len(awkward.key) == 1024 for awkward in AWKWARD_KEYS)


@dataclass(frozen=True)
class Refused:
    """The server does not take the key; boto3 sees `code`."""

    code: str


@dataclass(frozen=True)
class Renamed:
    """The server takes the key and then lists the object under another one."""

    key: bytes


SERVER_QUIRKS: dict[str, dict[str, Refused | Renamed]] = {
    # A filer beneath keeps keys as paths, and every part as a file's name of at most 255 bytes.
    "seaweedfs": {
        "backslash": Renamed(b"awkward/back/slash"),
        "double slash": Renamed(b"awkward/double/slash"),
        "leading slash": Renamed(b"awkward/leading slash"),
        "only a slash": Renamed(b"source"),  # the bucket's own name
        "dot part": Refused("InvalidRequest"),
        "dot-dot part": Refused("InvalidRequest"),
        "dot at the end": Refused("InvalidRequest"),
        "longer part": Refused("KeyTooLongError"),
        "longest key in one part": Refused("KeyTooLongError"),
    },
    # Its web framework finds the operation by a regular expression whose dot does not match a newline.
    "moto": {
        "newline": Refused("404"),
    },
}
"""What the servers that a bucket is copied on do with the keys when they are put, by the key's name; every other key is
kept as it is. A copy cannot change that, so a test takes what the source lists for what has to arrive.
"""
