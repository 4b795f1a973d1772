"""How `brigade serve` serves: over TLS, under bucket host names, again after a restart, and with statistics."""

from __future__ import annotations

import socket
import uuid
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import SSLError
from brigade import Brigade
from buckets import CLIENT_CONFIG, awkward_objects, listed, put_all, stored
from certificates import make_certificate
from local_s3 import LocalS3, serving
from servers import connect


@pytest.fixture
def localhost_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolves every name below localhost to this machine, as RFC 6761 has it and not every resolver does."""
    real = socket.getaddrinfo

    def resolve(host: Any, *arguments: Any, **options: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(".localhost") else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def by_name(server: dict[str, Any]) -> dict[str, Any]:
    """The same server, reached by name instead of by address."""
    return server | {"endpoint": server["endpoint"].replace("127.0.0.1", "localhost")}


def virtual_host_client(server: dict[str, Any]) -> Any:
    config = Config(s3={"addressing_style": "virtual"}, retries={"total_max_attempts": 1})
    return connect(by_name(server), CLIENT_CONFIG.merge(config))


def assert_awkward_objects_arrive(client: Any, bucket: str) -> None:
    objects = awkward_objects()
    assert put_all(client, bucket, objects) == {}
    assert stored(client, bucket).keys() == {new.key for new in objects}


def test_virtual_host_addressing(local: LocalS3, client: Any, localhost_names: None) -> None:
    bucket = f"bucket-{uuid.uuid4()}"
    virtual = virtual_host_client(local.description)
    hosts: list[str] = []
    virtual.meta.events.register("before-send.s3", lambda request, **_: hosts.append(request.url))
    virtual.create_bucket(Bucket=bucket)
    assert_awkward_objects_arrive(virtual, bucket)
    assert all(f"//{bucket}.localhost:" in url for url in hosts)
    assert stored(client, bucket) == stored(virtual, bucket)


def test_tls(brigade: Brigade, tmp_path: Path, localhost_names: None) -> None:
    with serving(brigade.binary, "--memory", "--bucket", "secured", certificate=make_certificate(tmp_path)) as server:
        assert server.endpoint.startswith("https://")
        assert_awkward_objects_arrive(connect(server.description, CLIENT_CONFIG), "secured")
        assert len(listed(virtual_host_client(server.description), "secured")) == len(awkward_objects())
        distrusting = {key: value for key, value in server.description.items() if key != "caBundle"}
        with pytest.raises(SSLError):
            connect(distrusting, Config(retries={"total_max_attempts": 1})).list_buckets()


def test_folder_is_served_again_after_a_restart(brigade: Brigade, tmp_path: Path) -> None:
    with serving(brigade.binary, "--directory", tmp_path, "--bucket", "kept") as server:
        client = connect(server.description, CLIENT_CONFIG)
        client.create_bucket(Bucket="empty")
        put_all(client, "kept", awkward_objects())
        client.put_object(Bucket="kept", Key="deleted")
        client.delete_object(Bucket="kept", Key="deleted")
        before = stored(client, "kept")
    with serving(brigade.binary, "--directory", tmp_path) as server:
        client = connect(server.description, CLIENT_CONFIG)
        assert [bucket["Name"] for bucket in client.list_buckets()["Buckets"]] == ["empty", "kept"]
        assert len(before) == len(awkward_objects())
        assert stored(client, "kept") == before
        for new in awkward_objects():
            assert client.get_object(Bucket="kept", Key=new.key)["Body"].read() == new.body


def test_populated_bucket_and_statistics(brigade: Brigade) -> None:
    with serving(brigade.binary, "--memory", "--populate", "full=2500", "--bucket", "other") as server:
        client = connect(server.description, Config(max_pool_connections=1))
        assert [bucket["Name"] for bucket in client.list_buckets()["Buckets"]] == ["full", "other"]
        assert len(listed(client, "full")) == 2500
        client.close()
        assert server.stop_for_statistics()["connectionsAccepted"] == 1
