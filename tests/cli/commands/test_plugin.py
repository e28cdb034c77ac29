from __future__ import annotations

import json

from billhook.plugins.loading import find_installed


def test_plugins_are_listed_without_loading_them(billhook) -> None:
    ran = billhook("plugin", "list")

    names = [line.split()[0] for line in ran.out.splitlines()[1:]]
    assert names == sorted(find_installed())


def test_the_list_for_programs_has_a_schema(billhook) -> None:
    tree = json.loads(billhook("plugin", "list", "-f", "json").out)

    assert tree["schema"] == "billhook.plugins/1"
    assert {"name": "tax_table", "distribution": "billhook", "version": "0.1.0"} in tree["plugins"]


def test_a_plugin_is_described_by_what_it_declares(billhook) -> None:
    tree = json.loads(billhook("plugin", "info", "tax_table", "--format", "json").out)

    assert tree["schema"] == "billhook.plugin/1"
    assert list(tree["hooks"]) == ["billhook_check", "billhook_plugin", "billhook_tax"]
    assert list(tree["codes"]) == ["TAX101", "TAX102"]


def test_a_local_plugin_is_described_by_its_file(billhook) -> None:
    ran = billhook("plugin", "info", "billfile.py")

    assert ran.code == 0
    assert ran.out.startswith("billfile 1  Hours at one rate\n")
    assert "hours  [key], date, hours, text" in ran.out


def test_an_unknown_plugin_is_named_with_what_was_meant(billhook) -> None:
    ran = billhook("plugin", "info", "tax_tabel")

    assert (ran.code, "did you mean 'tax_table'?" in ran.err) == (3, True)


def test_the_contract_is_tested_with_ones_own_jobs(billhook) -> None:
    ran = billhook("plugin", "test", "billfile.py", "jobs/first.toml")

    assert ran.code == 0, ran.out
    assert " passed" in ran.out


def test_a_broken_promise_is_found(billhook, firm) -> None:
    text = (firm / "billfile.py").read_text().replace("sources=(work.key,)", "sources=()")
    (firm / "billfile.py").write_text(text)

    ran = billhook("plugin", "test", "billfile.py", "jobs/first.toml")

    assert ran.code == 1
    assert "test_cases_are_worked_out" in ran.out
    assert "error[BH301]: record 'hours:1' was neither billed nor skipped" in ran.out


def test_without_jobs_only_the_declarations_are_tested(billhook) -> None:
    ran = billhook("plugin", "test", "tax_table")

    assert ran.code == 0
    assert "no jobs were given" in ran.err


def test_plugin_alone_lists_its_commands(billhook) -> None:
    assert all(word in billhook("plugin", "--help").out for word in ("list", "info", "test"))
