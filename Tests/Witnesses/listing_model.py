"""ListObjectsV2 on a plain list of keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Page:
    """What one answer holds, in order."""

    keys: list[bytes] = field(default_factory=list)
    common_prefixes: list[bytes] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.keys) + len(self.common_prefixes)


def pages(
    keys: Iterable[bytes],
    *,
    prefix: bytes = b"",
    delimiter: bytes = b"",
    start_after: bytes = b"",
    page_size: int = 1000,
) -> list[Page]:
    """The pages of a listing, as full as they may be. A common prefix counts as one key and stands on one page only.

    `start_after` must not begin with a common prefix of the listing: what is listed then, S3 does not document.
    """
    result = [Page()]
    rolled_up: bytes | None = None
    for key in sorted(keys):
        if not key.startswith(prefix) or key <= start_after:
            continue
        end = key.find(delimiter, len(prefix)) if delimiter else -1
        common_prefix = key[: end + len(delimiter)] if end >= 0 else None
        if common_prefix is not None and common_prefix == rolled_up:
            continue
        if len(result[-1]) == page_size:
            result.append(Page())
        if common_prefix is not None:
            result[-1].common_prefixes.append(common_prefix)
        else:
            result[-1].keys.append(key)
        rolled_up = common_prefix
    return result
