from __future__ import annotations

import base64
from pathlib import Path

import pytest

from billhook.audit.signatures import new_key, read_key
from billhook.audit.standalone import ed25519_holds, signature_fault
from billhook.kernel.errors import StoreError

# Made by another implementation of minisign's format, py-minisign 0.21.1, of b"billhook\n".
THEIR_KEY = """\
untrusted comment: minisign public key CF84519B43D6696A
RWTPhFGbQ9Zpai09p7WhV2UyIDctaSTSivB4F8A0B3t3/wgH7N3gWr8l
"""
THEIR_SIGNATURE = """\
untrusted comment: signature from minisign secret key
RUTPhFGbQ9Zpam8iXhQqxoIzJ18SfXFS5svtg1hd2kAa51SM1hKphOF3zKDQ2MgtnJlLxTKp9DHun84aJw1onOm9qTkDcimOUQQ=
trusted comment: timestamp:1790000000
ou1mqwdbV8csyQhHU4ep81+ugDrfKzl+aMkNmyTGCDBwPXbBqHdtDneeH4IbHd4zGlcgwEQ1aBmHHnf7Ktd6CA==
"""


@pytest.mark.parametrize(
    ("key", "message", "signature"),
    [  # RFC 8032, 7.1, tests 1 and 2
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            (
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
                "701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            (
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
                "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ),
    ],
)
def test_signatures_of_the_standard_hold_and_changed_ones_do_not(key, message, signature) -> None:
    public, said, made = map(bytes.fromhex, (key, message, signature))

    assert ed25519_holds(public, said, made)
    assert not ed25519_holds(public, said + b"x", made)
    for place in (0, 31, 32, 63):
        turned = made[:place] + bytes([made[place] ^ 1]) + made[place + 1 :]
        assert not ed25519_holds(public, said, turned)


def test_a_second_form_of_a_signature_is_refused() -> None:
    """RFC 8032, 5.1.7: s must be below the order, or anybody could make another signature."""
    order = 2**252 + 27742317777372353535851937790883648493
    key = new_key()
    made = key.sign(b"x", "y")
    raw = base64.b64decode(made.splitlines()[1])
    scalar = int.from_bytes(raw[42:], "little") + order
    lines = made.splitlines()
    lines[1] = base64.b64encode(raw[:42] + scalar.to_bytes(32, "little")).decode()

    assert signature_fault(b"x", made, key.public_text()) == ""
    assert signature_fault(b"x", "\n".join(lines), key.public_text()) == (
        "the file is not what was signed"
    )


def test_a_signature_of_another_implementation_holds() -> None:
    assert signature_fault(b"billhook\n", THEIR_SIGNATURE, THEIR_KEY) == ""
    assert signature_fault(b"bill hook\n", THEIR_SIGNATURE, THEIR_KEY) == (
        "the file is not what was signed"
    )


@pytest.mark.parametrize(
    ("line", "old", "new", "why"),
    [
        (2, "2026", "2025", "its comment is not what was signed"),
        (2, "trusted comment", "untrusted comment", "it cannot be read"),
        (1, "R", "!", "it cannot be read"),
    ],
)
def test_a_changed_signature_file_is_said(line, old, new, why) -> None:
    key = new_key()
    lines = key.sign(b"x", "signed in 2026").splitlines()
    lines[line] = lines[line].replace(old, new, 1)

    assert signature_fault(b"x", "\n".join(lines), key.public_text()) == why


def test_another_key_signs_for_nobody_else() -> None:
    own, other = new_key(), new_key()

    assert signature_fault(b"x", own.sign(b"x", "y"), other.public_text()) == (
        "it is by another key"
    )


def test_a_key_is_read_back_from_its_file(tmp_path: Path) -> None:
    key = new_key()
    (tmp_path / "key").write_text(key.secret_text())

    again = read_key(tmp_path / "key")

    assert again.public_text() == key.public_text()
    assert key.seed.hex() not in repr(key)


@pytest.mark.parametrize("text", ["", "no key", "untrusted comment: x\nAAAA\n"])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)

    with pytest.raises(StoreError, match="no secret key of minisign"):
        read_key(tmp_path / "key")
