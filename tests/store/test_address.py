from __future__ import annotations

import pytest

from billhook.store.address import has_password, redact, user_of, with_password


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql+psycopg://kim:secret@db/x", "postgresql+psycopg://kim:***@db/x"),
        ("postgresql://kim:se@cr/et@db:5432/x", "postgresql://kim:***@db:5432/x"),
        ("postgresql://db/x?user=kim&password=secret", "postgresql://db/x?user=kim&password=***"),
        ("postgresql://kim@db/x", "postgresql://kim@db/x"),
        ("sqlite:////home/a:b@c/x.db", "sqlite:////home/a:b@c/x.db"),
    ],
)
def test_a_password_is_not_shown(address: str, shown: str) -> None:
    assert redact(address) == shown
    assert has_password(address) is (shown != address)


def test_a_password_is_put_beside_its_user() -> None:
    address = with_password("postgresql+psycopg://kim@db/x", "p@ss:w/rd")

    assert address == "postgresql+psycopg://kim:p%40ss%3Aw%2Frd@db/x"
    assert user_of("postgresql+psycopg://kim@db/x") == "kim"
    assert user_of("postgresql+psycopg://db/x") == ""
