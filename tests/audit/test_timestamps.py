from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from billhook.audit.standalone import read_timestamp
from billhook.audit.timestamps import accept_timestamp, nonce_of, timestamp_request
from billhook.kernel.errors import StoreError

CONFIGURATION = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
tsa_name = no
ess_cert_id_chain = no
[req]
distinguished_name = name
x509_extensions = own_ext
[name]
[own_ext]
extendedKeyUsage = critical,timeStamping
"""


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A timestamp authority: a folder with the key and certificate of one."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("authority")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    made = ["-keyout", f"{folder}/tsa.key", "-out", f"{folder}/tsa.pem", "-subj", "/CN=tsa"]
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-config", f"{folder}/tsa.cnf", *made)
    return folder


def answer(authority: Path, request: bytes) -> bytes:
    (authority / "q").write_bytes(request)
    files = ["-queryfile", f"{authority}/q", "-out", f"{authority}/r"]
    openssl("ts", "-reply", "-config", f"{authority}/tsa.cnf", *files)
    return (authority / "r").read_bytes()


def test_a_request_is_one_that_others_read_and_its_nonce_comes_back() -> None:
    # Version 1, SHA-256 of "abc" (FIPS 180-2, B.1), nonce 258, with the certificate.
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    algorithm = "300d06096086480165030402010500"
    expected = f"303d0201013031{algorithm}0420{digest}020201020101ff"

    assert timestamp_request(b"abc", 258).hex() == expected
    assert nonce_of(timestamp_request(b"abc", 258)) == 258
    assert nonce_of(timestamp_request(b"abc", 2**63 - 1)) == 2**63 - 1


def test_an_authority_answers_and_the_answer_is_checked(authority: Path) -> None:
    request = timestamp_request(b"a closing file")
    response = answer(authority, request)

    time = accept_timestamp(b"a closing file", response, request)

    assert time.endswith("Z")
    assert len(time) >= len("20260630120000Z")


def test_an_answer_to_something_else_is_refused(authority: Path) -> None:
    request = timestamp_request(b"a closing file")
    response = answer(authority, request)

    with pytest.raises(StoreError, match="other content"):
        accept_timestamp(b"another closing file", response, request)
    with pytest.raises(StoreError, match="another request"):
        accept_timestamp(b"a closing file", response, timestamp_request(b"a closing file"))


def test_a_refusal_and_rubbish_are_no_timestamps(authority: Path) -> None:
    response = answer(authority, timestamp_request(b"x"))
    refusal = bytes.fromhex("30053003020102")

    assert read_timestamp(refusal, b"x")[0] == "the authority refused it, with status 2"
    assert read_timestamp(b"", b"x")[0] == "it cannot be read"
    for end in range(0, len(response), 7):  # never a traceback, whatever is cut off
        assert read_timestamp(response[:end], b"x")[0] != ""


def test_the_authority_itself_is_for_openssl(authority: Path, tmp_path: Path) -> None:
    """What the page tells to do works with our files."""
    (tmp_path / "f").write_bytes(b"x")
    (tmp_path / "f.tsr").write_bytes(answer(authority, timestamp_request(b"x")))

    files = ["-data", f"{tmp_path}/f", "-in", f"{tmp_path}/f.tsr"]
    openssl("ts", "-verify", *files, "-CAfile", f"{authority}/tsa.pem")
