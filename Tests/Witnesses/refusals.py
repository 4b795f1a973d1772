"""How the tests say that a server has to refuse something."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError


@contextlib.contextmanager
def refused(code: str, status: int | None = None) -> Iterator[None]:
    """Passes when boto3 is answered with this error. A HEAD has no document to carry a code: there it is the status."""
    with pytest.raises(ClientError) as caught:
        yield
    response = caught.value.response
    assert response["Error"]["Code"] == code
    assert status in (None, response["ResponseMetadata"]["HTTPStatusCode"])
