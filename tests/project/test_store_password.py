from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from billhook.cli import main
from billhook.kernel.diagnostics import Findings
from billhook.kernel.errors import RefusedError
from billhook.project import load_project
from billhook.project.store_settings import Keeping

URL = "postgresql+psycopg://kim@127.0.0.1:1/billing"


def keeping(folder: Path, store: str) -> tuple[Keeping | None, list[str]]:
    (folder / "billhook.toml").write_text(f"[store]\n{store}\n")
    (folder / "billhook.toml").chmod(0o600)
    findings = Findings()
    found = load_project(folder).keeping(findings)
    return found, [each.code for each in findings]


def test_a_password_comes_from_the_environment(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", "a@b")

    found, codes = keeping(tmp_path, f'url = "{URL}"\npassword_env = "DB_PASSWORD"')

    assert found is not None
    assert found.address == URL.replace("kim@", "kim:a%40b@")
    assert codes == []


def test_a_password_comes_from_a_private_file(tmp_path) -> None:
    (tmp_path / "secret").write_text("hush\nmore\n")
    (tmp_path / "secret").chmod(0o600)

    found, _ = keeping(tmp_path, f'url = "{URL}"\npassword_file = "secret"')

    assert found is not None
    assert found.address == URL.replace("kim@", "kim:hush@")


def test_a_password_file_that_others_may_read_is_refused(tmp_path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    (tmp_path / "secret").chmod(0o644)
    found, _ = keeping(tmp_path, f'url = "{URL}"\npassword_file = "secret"')
    assert found is not None

    with pytest.raises(RefusedError) as caught:
        _ = found.address

    assert [each.code for each in caught.value.findings] == ["BH592"]


def test_a_password_comes_from_the_keyring(tmp_path, monkeypatch) -> None:
    keyring = pytest.importorskip("keyring")
    kept = {("billing", "kim"): "hush"}
    monkeypatch.setattr(keyring, "get_password", lambda service, user: kept.get((service, user)))

    found, _ = keeping(tmp_path, f'url = "{URL}"\npassword_keyring = "billing"')
    other, _ = keeping(tmp_path, f'url = "{URL}"\npassword_keyring = "other"')

    assert found is not None
    assert other is not None
    assert found.address == URL.replace("kim@", "kim:hush@")
    with pytest.raises(RefusedError, match="BH593"):
        _ = other.address


def test_a_missing_keyring_package_is_said(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    found, _ = keeping(tmp_path, f'url = "{URL}"\npassword_keyring = "billing"')
    assert found is not None

    with pytest.raises(RefusedError, match="BH593"):
        _ = found.address


@pytest.mark.parametrize(
    "store",
    [
        f'url = "{URL}"\npassword_env = "A"\npassword_file = "b"',
        'url = "postgresql+psycopg://kim:x@db/billing"\npassword_env = "A"',
        'path = "billhook.db"\npassword_env = "A"',
    ],
)
def test_a_password_has_one_place_and_one_user(tmp_path, store) -> None:
    found, codes = keeping(tmp_path, store)

    assert found is None
    assert codes != []


def test_a_password_in_a_private_project_file_is_no_finding(tmp_path) -> None:
    url = URL.replace("kim@", "kim:hush@")

    assert keeping(tmp_path, f'url = "{url}"')[1] == []

    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)

    assert keeping(tmp_path, f'url = "{url}"')[1] == ["BH592"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://kim:canary@127.0.0.1:1/x",
        "postgresql+psycopg://kim:canary@canary@127.0.0.1:1/x",
        "postgresql+psycopg://127.0.0.1:1/x?user=kim&password=canary",
        "mysql://kim:canary@127.0.0.1/x",
        "postgresql+psycopg//kim:canary@127.0.0.1/x",
        "postgresql+psycopg://kim:canary@127.0.0.1:port/x",
    ],
)
def test_no_message_repeats_a_password(tmp_path, monkeypatch, capfd, url) -> None:
    keeping(tmp_path, f'url = "{url}"\nwait = 1')
    monkeypatch.chdir(tmp_path)
    for words in ("verify", "check", "status", "doctor", "db init", "invoice list", "issue -y"):
        main([*words.split()])
        said = "".join(capfd.readouterr())

        assert "canary" not in said, words
        assert "Traceback" not in said
    assert not any("canary" in path.name for path in tmp_path.rglob("*"))
