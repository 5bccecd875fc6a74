"""Files lie in a store that speaks S3 as they lie in a folder."""

import hashlib
import logging
from urllib.parse import urlsplit

import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from pdu_resources.rules.ranges import Range
from pdu_resources.storage.store import Files, store_of
from pdu_shared.problems import Unavailable
from pdu_shared.runtime import Runtime
from pdu_shared.settings import BadSettings, Settings

LARGE = b"0123456789abcdef" * 1_100_000  # more than two parts


@pytest.fixture(scope="module")
def endpoint():
    """A server of S3 on loopback, with one bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    import boto3  # noqa: PLC0415 - it takes a second

    url = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=url, aws_access_key_id="key", aws_secret_access_key="secret",
        region_name="eu-west-2",
    )  # fmt: skip
    place = {"LocationConstraint": "eu-west-2"}
    client.create_bucket(Bucket="hub", CreateBucketConfiguration=place)
    client.close()
    yield url
    server.stop()


def settings(endpoint, bucket="hub"):
    return Settings(
        files_url=f"s3://{bucket}/library",
        files_s3_endpoint=endpoint,
        files_s3_key_id="key",
        files_s3_secret="secret",
    )


def files_at(told):
    return Files(Runtime("resources", told, None))


async def pieces_of(content, failing=False):  # noqa: FBT002
    for start in range(0, len(content), 1_000_000):
        yield content[start : start + 1_000_000]
    if failing:
        raise ConnectionResetError


async def whole(files, name, part=None):
    return b"".join([piece async for piece in await files.read(name, part)])


@pytest.fixture(params=["folder", "s3"])
def files(request, tmp_path):
    if request.param == "folder":
        return files_at(Settings(files_url=f"file:{tmp_path}"))
    return files_at(settings(request.getfixturevalue("endpoint")))


async def test_a_store_that_speaks_s3_keeps_files_like_a_folder(files):
    await files.write("library/one", pieces_of(LARGE))
    given = await whole(files, "library/one")
    assert hashlib.sha256(given).digest() == hashlib.sha256(LARGE).digest()
    assert await whole(files, "library/one", Range(16, 26)) == b"0123456789"
    assert files.entries("library/one") is None
    for _ in range(2):
        await files.remove("library/one")
    with pytest.raises(Unavailable):
        await whole(files, "library/one")


async def test_what_did_not_come_to_its_end_is_not_there(files):
    with pytest.raises(ConnectionResetError):
        await files.write("library/half", pieces_of(LARGE, failing=True))
    with pytest.raises(Unavailable):
        await whole(files, "library/half")


async def test_a_bucket_that_is_not_there_is_said_without_its_secret(endpoint):
    with pytest.raises(Unavailable) as refused:
        await files_at(settings(endpoint, bucket="nowhere")).write("a", pieces_of(b"a"))
    assert "secret" not in str(refused.value)


def test_an_address_that_is_no_store_is_refused():
    assert isinstance(store_of(Settings(files_url="s3://hub", files_s3_key_id="k")), S3Store)
    for wrong in ("ftp://example.org", "hub", "http://example.org/files"):
        assert urlsplit(wrong).scheme not in {"file", "s3"}
        with pytest.raises(BadSettings):
            store_of(Settings(files_url=wrong))
