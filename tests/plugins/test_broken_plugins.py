"""A local plugin that is broken in every way that a first try is: it is named, with its line."""

from __future__ import annotations

import pytest

from plugins.own_plugin import add, change

RATE = "    return Rating(charges=tuple(_charges(job, records)))"
AMOUNT = 'amount=times(hours, price, "billfile.fee")'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (RATE, "    raise RuntimeError('boom')", "RuntimeError: boom"),
        (RATE, "    raise SystemExit(0)", "SystemExit: 0"),
        (
            RATE,
            "    return Rating(charges=({},))",
            "TypeError: Rating.charges needs Charge, got dict",
        ),
        (AMOUNT, "amount=12.5", "TypeError: Charge.amount needs Figure, got float"),
        (
            "description=work.text",
            "description=5",
            "Charge.description needs str or Label, got int",
        ),
        (AMOUNT, 'amount=given(Decimal("NaN"), "USD", "x.y")', "x.y: a figure needs a number"),
        (AMOUNT, 'amount=times(price, Decimal(2), "x.y")', "AttributeError"),
        (
            "quantity=hours",
            'quantity=given(hours.value / 7, "h", "x")',
            "Charge.quantity has more",
        ),
    ],
)
def test_a_hook_that_breaks_is_named_with_its_line(billhook, firm, old, new, said) -> None:
    change(firm, old, new)

    ran = billhook("check")

    assert (ran.code, ran.err) == (1, "1 job checked: 1 error\n")
    assert ran.out.startswith("billfile.py:")
    assert "error[BH209]: plugin 'billfile' failed in billhook_rate: " in ran.out
    assert said in ran.out


def test_the_line_is_that_of_the_plugin_where_it_broke(billhook, firm) -> None:
    line = change(firm, "    price = given(", "    price = 1 / 0, given(")

    assert billhook("check").out.startswith(f"billfile.py:{line}: error[BH209]")


@pytest.mark.parametrize(
    ("top", "said"),
    [
        ("x = 1 / 0", "billfile.py:1: error[BH202]: plugin 'billfile' cannot be loaded: ZeroDiv"),
        ("import sys\nsys.exit(0)", "billfile.py:2: error[BH202]: plugin 'billfile' cannot be"),
        ("\ndef f(:\n", "billfile.py:2: error[BH202]: plugin 'billfile' cannot be loaded: Syntax"),
    ],
)
def test_a_file_that_cannot_be_run_is_named_with_its_line(billhook, firm, top, said) -> None:
    (firm / "billfile.py").write_text(top)

    ran = billhook("check")

    assert ran.code == 1
    assert ran.out.startswith(said)


def test_an_argument_that_a_hook_does_not_give_is_named(billhook, firm) -> None:
    change(firm, "def billhook_rate(job: Job, records: Records)", "def billhook_rate(job, rows)")

    ran = billhook("check")

    assert "billhook_rate asks for 'rows', which it is not given" in ran.out
    assert "hint: it may ask for job, records, history" in ran.out


def test_all_hooks_that_do_not_fit_are_named_at_once(billhook, firm) -> None:
    change(firm, "def billhook_rate(job: Job, records: Records)", "def billhook_rat(job, rows)")
    plugin = firm / "billfile.py"
    plugin.write_text(f"{plugin.read_text()}\n\n@hookimpl\ndef billhook_tax(job, klass): ...\n")

    ran = billhook("check")

    assert "there is no hook 'billhook_rat'" in ran.out
    assert "billhook_tax asks for 'klass'" in ran.out


@pytest.mark.parametrize("kept", ['{"a": 1}', "Kept()"])
@pytest.mark.parametrize("place", ["state", "detail"])
def test_what_is_kept_must_be_declared(billhook, firm, kept, place) -> None:
    change(firm, "@hookimpl\ndef billhook_plugin", f"{KEPT}@hookimpl\ndef billhook_plugin")
    if place == "state":
        change(firm, RATE, RATE.replace("records)))", f"records)), state={kept})"))
    else:
        change(firm, "sources=(work.key,)", f"sources=(work.key,), detail={kept}")

    ran = billhook("check")

    kind = "dict" if kept.startswith("{") else "Kept"
    assert ran.code == 1
    assert f" holds a {kind}, which no plugin of the job declares" in ran.out
    assert f"name its class in PluginInfo.{place}" in ran.out


KEPT = "@attrs.frozen\nclass Kept:\n    bills: int = 0\n\n\n"


def test_a_float_that_is_kept_is_a_fault_of_the_plugin(billhook, firm) -> None:
    kept = KEPT.replace("int = 0", "float = 0.5")
    change(firm, "@hookimpl\ndef billhook_plugin", f"{kept}@hookimpl\ndef billhook_plugin")
    change(firm, 'version="1",', 'version="1", details=(Kept,),')
    change(firm, "sources=(work.key,)", "sources=(work.key,), detail=Kept()")

    ran = billhook("bill", "--format", "json")

    assert ran.code == 6
    assert "error: cannot be archived: Kept.bills is a float\n" in ran.err


def test_a_claim_on_a_record_that_is_not_there_is_hinted_at(billhook, firm) -> None:
    change(firm, "sources=(work.key,)", 'sources=(work.key + "x",)')

    ran = billhook("check")

    assert "error[BH301]: record 'hours:1' was neither billed nor skipped" in ran.out
    assert "BH310]: a charge or skip names 'hours:1x', which is not a record of the job" in ran.out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name="billfile"', 'name="Bill File"', "PluginInfo.name is 'Bill File'"),
        ('name="billfile"', 'name=""', "PluginInfo.name is ''"),
        ('version="1"', "version=1", "PluginInfo.version needs str, got int"),
        ("settings=Rates", "settings=5", "PluginInfo.settings needs type or None, got int"),
        ("settings=Rates", "settings=dict", "PluginInfo.settings: dict is not an attrs class"),
        ('{"hours": Work}', '{"hours": Rates}', "PluginInfo.records: Rates is no Record"),
        ('{"hours": Work}', '{"hours": "Work"}', "PluginInfo.records needs type, got str"),
        ('{"hours": Work}', "[Work]", "PluginInfo.records needs Mapping, got list"),
        ('version="1"', 'version="1", prefix="lgl"', "PluginInfo.prefix is 'lgl'"),
        ('version="1"', 'version="1", codes=("OWN101",)', "PluginInfo.codes needs Code, got str"),
        ('version="1"', 'version="1", details=Rates', "PluginInfo.details needs tuple, got type"),
        ('version="1"', 'version="1", state=dict', "PluginInfo.state: dict is not an attrs class"),
        ('version="1"', 'version="1", events=(Work,)', "PluginInfo.events: Work is no Event"),
    ],
)
def test_a_plugin_that_declares_nonsense_is_not_loaded(billhook, firm, old, new, said) -> None:
    change(firm, old, new)

    ran = billhook("check")

    assert ran.code == 1
    assert ran.out.startswith("billfile.py:")
    assert "error[BH202]: plugin 'billfile' cannot be loaded: " in ran.out
    assert said in ran.out


@pytest.mark.parametrize("kind", ["Work", "Rates"])
def test_a_class_without_its_mark_is_named(billhook, firm, kind) -> None:
    base = "(Record)" if kind == "Work" else ""
    change(firm, f"@attrs.frozen(kw_only=True)\nclass {kind}{base}", f"class {kind}{base}")

    ran = billhook("check")

    assert ran.code == 1
    assert f"{kind} is not an attrs class: mark it with @attrs.frozen(kw_only=True)" in ran.out


@pytest.mark.parametrize(
    "code",
    [
        '@hookimpl\ndef billhook_check():\n    yield "bad"\n',
        '@hookimpl\ndef billhook_check():\n    return ["bad"]\n',
        '@hookimpl\ndef billhook_check():\n    return Diagnostic("OWN101", "bad")\n',
    ],
)
def test_of_several_plugins_the_one_that_answers_wrongly_is_named(billhook, firm, code) -> None:
    add(firm, code)

    assert "plugin 'billfile' failed in billhook_check: answered with " in billhook("check").out


HELPER = """
def _faults():
    yield 1 / 0


@hookimpl
def billhook_check():
    return _faults()
"""


def test_a_generator_that_a_hook_gives_back_is_the_hooks_plugin(billhook, firm) -> None:
    add(firm, HELPER)

    ran = billhook("check")

    assert ran.out.startswith("billfile.py:")
    assert "plugin 'billfile' failed in billhook_check: ZeroDivisionError" in ran.out


EXPORTER = """
def _write(documents, stream):
    {write}


@hookimpl
def billhook_exporters():
    facts = dict(key={key!r}, title="X", media_type="text/x", suffix=".x")
    yield Exporter(**facts, write=_write, accepts=lambda document: {accepts})
"""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"write": "1 / 0"}, "ZeroDivisionError: division by zero"),
        ({"write": "stream.write('text')"}, "TypeError: a bytes-like object is required"),
        ({"accepts": "['no']"}, "'str' object has no attribute 'severity'"),
        ({"accepts": "None"}, "TypeError: 'NoneType' object is not iterable"),
    ],
)
def test_a_format_that_breaks_is_its_plugins_fault(billhook, firm, changes, said) -> None:
    words = {"write": "stream.write(b'x')", "key": "slips", "accepts": "()", **changes}
    add(firm, EXPORTER.format(**words))

    ran = billhook("bill", "--format", "slips", "--output", "out")

    assert ran.code == 6
    assert "plugin 'billfile' failed in the format 'slips': " in ran.err
    assert said in ran.err
    assert not (firm / "out").exists() or list((firm / "out").iterdir()) == []


def test_a_format_of_billhooks_own_is_not_replaced(billhook, firm) -> None:
    add(firm, EXPORTER.format(write="stream.write(b'x')", key="pdf", accepts="()"))

    ran = billhook("bill", "--format", "pdf", "--output", "out")

    said = "plugin 'billfile' failed in the format 'pdf': it offers the format 'pdf', which is bill"
    assert ran.code == 6
    assert said in ran.err


def test_a_drawing_that_breaks_is_a_plugins_fault(billhook, firm) -> None:
    drawing = 'Drawn(draw=lambda canvas, box: 1 / 0, height=50, text="a picture")'
    section = f"Section(slot=Slot.AFTER_TOTALS, blocks=({drawing},))"
    add(firm, f"@hookimpl\ndef billhook_sections():\n    return [{section}]\n")

    ran = billhook("bill", "--format", "pdf", "--output", "out")

    assert ran.code == 6
    assert "error: a plugin's drawing failed: ZeroDivisionError: division by zero" in ran.err
