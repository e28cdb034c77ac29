from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import pytest

from billhook.kernel.errors import InputError
from billhook.kernel.text import Period
from billhook.project import find_project, load_bill, load_project

# 1.5 h + 4 h + 0.25 h = 5.75 h; 5.75 h × 120 USD/h = 690.00 USD
PAYABLE = Decimal("690.00")


def job(firm: Path, name: str, text: str) -> Path:
    path = firm / "jobs" / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def follower(firm: Path, name: str, follows: str, *, subject: str = "acme") -> Path:
    text = (
        f'subject = "{subject}"\nbuyer = "acme"\ndate = 2026-07-31\nfollows = "{follows}"\n\n'
        '[[sources]]\nkind = "hours"\nfile = "../records/july.csv"\n'
    )
    july = "key,date,hours,text\n3,2026-06-09,0.25,Telephone\n4,2026-07-01,1,Report\n"
    (firm / "records" / "july.csv").write_text(july, encoding="utf-8")
    return job(firm, name, text)


def codes(findings) -> list[str]:
    return [finding.code for finding in findings]


# ── finding ──────────────────────────────────────────────────────────────────


def test_the_project_is_the_nearest_folder_above_with_a_billhook_toml(firm: Path) -> None:
    assert find_project(firm / "jobs" / "first.toml") == firm / "billhook.toml"
    assert find_project(firm / "jobs") == firm / "billhook.toml"
    assert find_project(firm.parent) is None


def test_a_job_becomes_a_bill_whatever_the_working_directory(
    firm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    amounts = []
    for folder in (firm, tmp_path, firm / "jobs"):
        monkeypatch.chdir(folder)
        path = Path(os.path.relpath(firm / "jobs" / "first.toml"))
        (draft,) = load_project(path).job(path).drafts()
        line = draft.invoice.lines[0]
        amounts.append((draft.invoice.totals.payable.value, str(line.quantity.origin)))

    assert amounts == [(PAYABLE, "records/hours.csv:2")] * 3


def test_a_job_that_says_everything_needs_no_project(tmp_path: Path) -> None:
    text = """
        subject = "s"
        currency = "EUR"
        date = 2026-06-30
        plugins = []
        seller = { id = "a", name = "A", address = { country = "DE" } }
        buyer = { name = "B", address = { country = "FR" } }
    """
    path = tmp_path / "alone.toml"
    path.write_text(text, encoding="utf-8")

    loaded = load_project(path).job(path)

    assert loaded.findings == ()
    assert loaded.job is not None
    assert (loaded.job.buyer.id, loaded.job.currency) == ("alone", "EUR")


def test_without_project_and_seller_the_missing_project_is_named(tmp_path: Path) -> None:
    path = tmp_path / "alone.toml"
    path.write_text('subject = "s"\ndate = 2026-06-30\n', encoding="utf-8")

    assert "BH120" in codes(load_project(path).job(path).findings)


# ── what a job takes from where ──────────────────────────────────────────────


def test_a_job_takes_what_it_does_not_say_from_the_project(firm: Path) -> None:
    found = load_project(firm).job(firm / "jobs" / "first.toml").job

    assert found is not None
    assert (found.currency, found.locale, found.terms.net_days) == ("USD", "en_US", 30)
    assert found.plugins == ("tax_table", "billfile")


def test_a_job_goes_before_the_customer_and_the_customer_before_the_project(firm: Path) -> None:
    acme = firm / "customers" / "acme.toml"
    acme.write_text(f'locale = "fr_CA"\n{acme.read_text()}')
    text = 'subject = "s"\nbuyer = "acme"\ndate = 2026-06-30\n'
    project = load_project(firm)
    plain = project.job(job(firm, "plain", text)).job
    own = project.job(job(firm, "own", f'locale = "de_CH"\n{text}')).job

    assert plain is not None
    assert own is not None
    assert (plain.locale, own.locale) == ("fr_CA", "de_CH")


def test_settings_are_merged_and_explained_by_the_line_that_counts(firm: Path) -> None:
    path = firm / "jobs" / "first.toml"
    path.write_text(path.read_text() + "\n[billfile]\nper_hour = 100\n", encoding="utf-8")

    (draft,) = load_project(firm).job(path).drafts()

    # 5.75 h × 100 USD/h
    assert draft.invoice.totals.payable.value == Decimal("575.00")
    assert str(draft.invoice.lines[0].unit_price.origin) == "jobs/first.toml:10:1"


def test_date_and_period_can_be_given_by_the_caller(firm: Path) -> None:
    june = Period(dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    path = job(firm, "undated", 'subject = "s"\nbuyer = "acme"\n')

    loaded = load_project(firm).job(path, date=dt.date(2026, 7, 1), period=june)

    assert loaded.job is not None
    assert (loaded.job.date, loaded.job.period) == (dt.date(2026, 7, 1), june)


def test_a_party_is_a_customers_id_or_a_table(firm: Path) -> None:
    text = (
        'subject = "s"\nbuyer = "acme"\ndate = 2026-06-30\n'
        '[payer]\nname = "Insurer"\naddress = { country = "US" }\n'
    )
    found = load_project(firm).job(job(firm, "two", text)).job

    assert found is not None
    assert found.payer is not None
    assert (found.buyer.name, found.payer.name) == ("Acme Inc.", "Insurer")


def test_the_local_plugin_can_be_ordered_by_name(firm: Path) -> None:
    text = 'plugins = ["billfile", "tax_table"]\nsubject = "s"\nbuyer = "acme"\ndate = 2026-06-30\n'

    found = load_project(firm).job(job(firm, "ordered", text)).job

    assert found is not None
    assert found.plugins == ("billfile", "tax_table")


def test_jobs_of_the_same_plugins_share_an_engine(firm: Path) -> None:
    project = load_project(firm)
    text = (firm / "jobs" / "first.toml").read_text()

    one, two = project.job(firm / "jobs" / "first.toml"), project.job(job(firm, "second", text))

    assert one.engine is two.engine


def test_print_settings_are_merged_and_paths_absolute(firm: Path) -> None:
    marker = firm / "billhook.toml"
    marker.write_text(marker.read_text() + '\n[print]\nlogo = "logo.png"\npaper = "A4"\n')
    path = firm / "jobs" / "first.toml"
    path.write_text(path.read_text() + '\n[print]\npaper = "letter"\n')

    found = load_project(firm).job(path).print

    assert (found.logo, found.paper) == (firm / "logo.png", "letter")


# ── history ──────────────────────────────────────────────────────────────────


def test_a_job_that_follows_another_does_not_bill_its_records_again(firm: Path) -> None:
    (draft,) = load_project(firm).job(follower(firm, "second", "first.toml")).drafts()

    # Record 3 was billed by the first job; record 4 is 1 h × 120 USD/h.
    assert draft.invoice.totals.payable.value == Decimal("120.00")
    assert [skip.key for skip in draft.skipped] == ["hours:3"]


def test_history_goes_back_to_the_first_job(firm: Path) -> None:
    follower(firm, "second", "first.toml")
    loaded = load_project(firm).job(follower(firm, "third", "second.toml"))

    assert [document.invoice.job for document in loaded.history.documents] == ["first", "second"]


def test_a_job_can_follow_a_bill_in_json(firm: Path) -> None:
    from billhook.archive.writer import dump

    project = load_project(firm)
    loaded = project.job(firm / "jobs" / "first.toml")
    (document,) = loaded.documents()
    (firm / "first.json").write_bytes(dump(document, loaded.engine.plugins))

    (draft,) = project.job(follower(firm, "second", "../first.json")).drafts()

    assert draft.invoice.totals.payable.value == Decimal("120.00")
    assert load_bill(firm / "first.json") == document


def test_a_job_cannot_follow_itself(firm: Path) -> None:
    path = follower(firm, "loop", "loop.toml")

    loaded = load_project(firm).job(path)

    assert codes(loaded.findings) == ["BH125"]
    assert str(loaded.findings[0].origin) == "jobs/loop.toml:4:1"
    assert loaded.job is None


def test_jobs_that_follow_each_other_are_found_from_either_side(firm: Path) -> None:
    one, two = follower(firm, "one", "two.toml"), follower(firm, "two", "one.toml")

    for path in (one, two):
        found = codes(load_project(firm).job(path).findings)
        assert {"BH125", "BH126"} <= set(found)


def test_an_earlier_job_with_errors_is_named_where_it_is_followed(firm: Path) -> None:
    job(firm, "broken", 'subject = "acme"\nbuyer = "acme"\ndate = 2026-06-30\ncurrency = "XXQ"\n')

    found = load_project(firm).job(follower(firm, "second", "broken.toml")).findings

    assert [(f.code, f.origin and f.origin.file) for f in found] == [
        ("BH122", "jobs/broken.toml"),
        ("BH126", "jobs/second.toml"),
    ]


def test_a_job_follows_only_its_own_subject(firm: Path) -> None:
    found = load_project(firm).job(follower(firm, "other", "first.toml", subject="b")).findings

    assert codes(found) == ["BH127"]


def test_a_bill_that_is_followed_by_an_older_one_is_a_warning(firm: Path) -> None:
    text = (firm / "jobs" / "first.toml").read_text().replace("2026-06-30", "2026-09-30")
    (firm / "jobs" / "first.toml").write_text(text)

    loaded = load_project(firm).job(follower(firm, "second", "first.toml"))

    assert [(f.code, str(f.severity)) for f in loaded.findings] == [("BH129", "warning")]
    assert loaded.job is not None


def test_what_is_followed_must_be_a_bill(firm: Path) -> None:
    (firm / "x.json").write_text('{"schema": "something/1"}')

    assert codes(load_project(firm).job(follower(firm, "a", "../x.json")).findings) == ["BH128"]
    with pytest.raises(InputError, match="BH128"):
        load_bill(firm / "x.json")


# ── mistakes ─────────────────────────────────────────────────────────────────


def test_every_mistake_of_a_job_is_found_in_one_run(firm: Path) -> None:
    text = """\
buyer = "acne"
date = "yesterday"
currency = "usd"
policy = "standart"
locale = "xx_YY"
plugins = ["billfile", "tax_tabel"]
typo = 1

[terms]
net_days = "soon"

[[sources]]
kind = "ours"
file = "../records/hours.csv"

[billfile]
per_hour = 0

[tax_table_]
"""
    loaded = load_project(firm).job(job(firm, "bad", text))

    found = [(f.code, f.origin.line if f.origin else 0, f.path) for f in loaded.findings]
    assert found == [
        ("BH102", None, None),  # subject
        ("BH121", 1, "buyer"),
        ("BH101", 2, "date"),
        ("BH122", 3, "currency"),
        ("BH123", 4, "policy"),
        ("BH124", 5, "locale"),
        ("BH201", 6, "plugins[1]"),
        ("BH103", 7, "typo"),
        ("BH101", 10, "terms.net_days"),
        ("BH115", 17, "billfile.per_hour"),
        ("BH104", 19, "tax_table_"),
    ]
    assert loaded.job is None
    with pytest.raises(InputError):
        loaded.drafts()


def test_an_unknown_kind_of_source_is_found_where_it_is_written(firm: Path) -> None:
    path = firm / "jobs" / "first.toml"
    path.write_text(path.read_text().replace('"hours"', '"hour"'))

    (found,) = load_project(firm).job(path).findings

    assert (found.code, str(found.origin), found.hint) == (
        "BH207",
        "jobs/first.toml:7:1",
        "did you mean 'hours'?",
    )


def test_a_misspelt_table_of_the_project_is_an_error_but_an_unused_plugins_is_not(
    firm: Path,
) -> None:
    marker = firm / "billhook.toml"
    marker.write_text(marker.read_text() + "\n[freight]\nx = 1\n\n[biilfile]\n")

    (found,) = load_project(firm).findings

    assert (found.code, found.hint) == (
        "BH104",
        "did you mean 'billfile'? (plugins in use: tax_table, billfile)",
    )


def test_a_table_for_a_plugin_that_the_job_does_not_use_is_an_error(firm: Path) -> None:
    path = firm / "jobs" / "first.toml"
    path.write_text(path.read_text() + "\n[freight]\n")

    (found,) = load_project(firm).job(path).findings

    assert found.code == "BH104"
    assert "add 'freight' to plugins" in str(found.hint)


def test_a_broken_project_file_stops_its_jobs_with_its_own_mistake_only(firm: Path) -> None:
    (firm / "billhook.toml").write_text("[project\n")

    found = load_project(firm).job(firm / "jobs" / "first.toml").findings

    assert [str(f.origin) for f in found] == ["billhook.toml:1:9"]


def test_a_broken_local_plugin_is_located_in_its_file(firm: Path) -> None:
    (firm / "billfile.py").write_text("1 / 0\n")

    found = load_project(firm).job(firm / "jobs" / "first.toml").findings

    assert [(f.code, str(f.origin)) for f in found] == [("BH202", "billfile.py:1")]


def test_the_same_mistake_of_a_customer_is_said_once_for_each_job(firm: Path) -> None:
    (firm / "customers" / "acme.toml").write_text('nam = "Acme"\n')
    project = load_project(firm)

    one = project.job(firm / "jobs" / "first.toml").findings
    two = project.job(firm / "jobs" / "first.toml").findings

    assert one == two
    assert {f.origin.file for f in one if f.origin} == {"customers/acme.toml"}
    assert project.check() == one


def test_a_customers_id_is_its_files_name(firm: Path) -> None:
    acme = firm / "customers" / "acme.toml"
    acme.write_text(f'id = "acne"\n{acme.read_text()}')

    assert codes(load_project(firm).check()) == ["BH131"]


def test_settings_for_a_plugin_without_settings_are_an_error(firm: Path) -> None:
    text = (firm / "billfile.py").read_text().replace("        settings=Rates,\n", "")
    (firm / "billfile.py").write_text(text)

    assert "BH134" in codes(load_project(firm).job(firm / "jobs" / "first.toml").findings)


def test_required_settings_that_are_nowhere_are_a_missing_table(firm: Path) -> None:
    marker = firm / "billhook.toml"
    marker.write_text(marker.read_text().partition("[billfile]")[0])

    (found,) = load_project(firm).job(firm / "jobs" / "first.toml").findings

    assert (found.code, found.hint) == ("BH102", "required in [billfile]: per_hour")


def test_a_missing_source_is_named_as_the_project_knows_it(firm: Path) -> None:
    (firm / "records" / "hours.csv").unlink()

    (draft,) = load_project(firm).job(firm / "jobs" / "first.toml").drafts()

    assert [(f.code, str(f.origin)) for f in draft.errors] == [("BH100", "records/hours.csv")]


def test_further_languages_of_print_are_locales_too(firm: Path) -> None:
    path = firm / "jobs" / "first.toml"
    path.write_text(path.read_text() + '\n[print]\nlanguages = ["de_CH", "klingon"]\n')

    (found,) = load_project(firm).job(path).findings

    assert (found.code, found.path) == ("BH124", "print.languages[1]")
