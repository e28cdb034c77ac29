"""Options of ``billhook bill`` that change how bills look, for one run."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader


def number(firm):
    path = firm / "jobs" / "first.toml"
    path.write_text(f'number = "2026-7"\n{path.read_text()}')


def text_of(ran):
    assert ran.code == 0, ran.err
    return ran.out


def test_locale_changes_labels_and_numbers(billhook):
    english = text_of(billhook("bill", "-f", "text", "-o", "-"))
    german = text_of(billhook("bill", "-f", "text", "-o", "-", "--locale", "de_DE"))

    assert "Amount due" in english
    assert "Zahlbetrag" in german
    assert "690,00" in german


def test_explain_adds_the_appendix(billhook):
    assert "Explanation of charges" not in text_of(billhook("bill", "-f", "text", "-o", "-"))
    assert "Explanation of charges" in text_of(
        billhook("bill", "-f", "text", "-o", "-", "--explain")
    )


def test_copy_marks_numbered_bills_only(billhook, firm):
    drawn = text_of(billhook("bill", "-f", "text", "-o", "-", "--copy"))
    number(firm)
    numbered = text_of(billhook("bill", "-f", "text", "-o", "-", "--copy"))

    assert "Draft" in drawn
    assert "\nCopy\n" not in drawn
    assert "\nCopy\n" in numbered


def test_attach_puts_the_bills_data_into_the_pdf(billhook, firm):
    number(firm)
    text_of(billhook("bill", "-f", "pdf,json", "--attach"))
    reader = PdfReader(io.BytesIO((firm / "out" / "2026-7.pdf").read_bytes()))
    ((name, (data,)),) = reader.attachments.items()

    assert name == "2026-7.json"
    assert data == (firm / "out" / "2026-7.json").read_bytes()
    assert b"2026-7" in data
    assert b"/AFRelationship /Data" in (firm / "out" / "2026-7.pdf").read_bytes()


def test_theme_is_a_name_or_a_file(billhook, firm, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text("[margins]\nleft = 99\n")
    made = {}
    for theme in ("classic", "modern", str(own)):
        text_of(billhook("bill", "--theme", theme))
        made[theme] = (firm / "out" / "first.pdf").read_bytes()

    assert len(set(made.values())) == 3


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--theme", "baroque", "expected classic, modern, compact or a theme's file"),
        ("--locale", "klingon", "there is no locale 'klingon'"),
    ],
)
def test_a_look_that_is_not_there_is_refused(billhook, option, value, said):
    ran = billhook("bill", option, value)

    assert ran.code == 2
    assert said in ran.err
