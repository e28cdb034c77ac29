"""The style of the HTML: sizes and colours of the theme, rules for paper."""

from __future__ import annotations

from billhook.render.theme import CASELESS, LARGER, Theme, legible


def style(theme: Theme, brand: str, paper: str) -> str:
    """Return the style sheet of a theme with a brand's colour, for a paper (``A4``)."""
    values = {
        "brand": brand,
        "ink": legible(brand),
        "text": theme.colours.text,
        "quiet": theme.colours.quiet,
        "rule": theme.colours.rule,
        "ground": theme.colours.ground,
        "case": "uppercase" if theme.capitals else "none",
        "space": "0.05em" if theme.capitals else "0",
        "head": theme.colours.ground if theme.places.head_ground else "transparent",
        "due": legible(brand) if theme.places.brand_due else theme.colours.text,
        "bar": "3px" if theme.places.brand_bar else "0",
        "body": f"{theme.sizes.body + 1:g}pt",
        "label": f"{theme.sizes.label + 1:g}pt",
        "heading": f"{(theme.sizes.body + 1) * LARGER:.2f}pt",
        "small": f"{theme.sizes.small + 1:g}pt",
        "title": f"{theme.sizes.title + 2:g}pt",
        "seller": f"{theme.sizes.seller + 1:g}pt",
        "strong": f"{theme.sizes.due + 1:g}pt",
        "leading": f"{theme.sizes.leading + 0.1:g}",
        "row": f"{theme.gaps.row:g}pt",
        "part": f"{theme.gaps.part + 4:g}pt",
        "paper": paper,
    }
    sheet = _SHEET.replace("$caseless", ", ".join(f":lang({name})" for name in CASELESS))
    for name, value in values.items():
        sheet = sheet.replace(f"${name};", f"{value};").replace(f"${name} ", f"{value} ")
    return " ".join(sheet.split())


_SHEET = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: $ground; color: $text;
  font: $body /$leading "Billhook Sans", "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums lining-nums; }
main { max-width: 52rem; margin: 2rem auto; padding: 3.5rem 4rem 3rem; background: #fff;
  border-top: $bar solid $brand; box-shadow: 0 1px 3px rgb(0 0 0 / 12%); }
p, h1, h2, h3, dl, dd, table, figure { margin: 0; padding: 0; }
.letterhead { display: grid; grid-template-columns: minmax(auto, 1fr) max-content auto;
  column-gap: 2rem;
  font-size: $small; color: $quiet; margin-block-end: 3.2rem; }
.letterhead p.seller { font-size: $seller; font-weight: 700; color: $ink; }
.letterhead b.seller { color: $text; }
.letterhead .address { max-width: 15rem; }
.letterhead dt { white-space: normal; }
.logo { max-height: 3.2rem; max-width: 14rem; }
h1 { font-size: $title; font-weight: 700; line-height: 1.15; margin-block-end: 1.6rem; }
h1 .number { font-weight: 400; color: $quiet; }
h2, caption, figcaption, h3 { font-size: $label; font-weight: 700; text-align: start;
  text-transform: $case; letter-spacing: $space; color: $quiet; margin-block-end: .5rem; }
caption, figcaption, h3 { font-size: $body; text-transform: none; letter-spacing: 0;
  color: $text; }
:is($caseless) h2 { font-size: $heading; letter-spacing: 0; color: $text; }
.mark { display: inline-block; border: 1.5px solid currentColor; border-radius: 3px;
  color: $quiet; padding: .1rem .6rem; margin-block-end: 1.2rem; font-weight: 700; }
.parties { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 1.5rem 3rem;
  margin-block-end: 2.4rem; }
.meta { margin-inline-start: auto; }
dl { display: table; }
dl div { display: table-row; }
dt, dd { display: table-cell; }
dt { color: $quiet; padding-inline-end: 1.4rem; white-space: nowrap; }
.facts { font-size: $small; }
.letterhead dt { padding-inline-end: .8rem; }
.recipient .facts { margin-block-start: .6rem; }
section { margin-block-start: $part; }
section > * + * { margin-block-start: 1rem; }
section > h2 + * { margin-block-start: 0; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: start; vertical-align: baseline; font-weight: 400;
  padding-block: $row; padding-inline: 0 1.1rem; }
th:last-child, td:last-child { padding-inline-end: 0; }
thead th { font-size: $label; text-transform: $case; letter-spacing: $space; color: $quiet;
  vertical-align: bottom; background: $head; border-block-end: 1px solid $quiet; }
.end { text-align: end; white-space: nowrap; width: 1%; }
[dir=rtl] td.end { text-align: right; }
.date, .fit { white-space: nowrap; width: 1%; }
.center { text-align: center; }
.many thead .end { white-space: normal; }
tbody tr + tr > * { border-block-start: 1px solid $rule; }
tbody tr.group > *, tbody tr.group + tr > * { border-block-start: 0; }
tbody tr.note > *, tbody tr.note + tr.note > * { border-block-start: 0; padding-block-start: 0;
  color: $quiet; font-size: $small; }
tr.group > * { font-weight: 700; padding-block-start: 1.2em; color: $ink; }
tr.subtotal > * { font-weight: 700; }
tr.total > * { font-weight: 700; border-block-start: 1.5px solid $text; }
.totals { margin-inline-start: auto; width: min(100%, 26rem); break-inside: avoid; }
.totals table tr + tr > * { border-block-start: 0; }
.totals table.pairs tr.total > * { font-size: $strong; color: $due;
  border-block-start: 1.5px solid $ink; }
table.pairs { width: auto; }
table.pairs th { color: $quiet; padding-inline-end: 2.4rem; }
table.pairs .end { width: auto; }
table.pairs tr > *, table.pairs tr + tr > * { border-block-start: 0; padding-block: .12em; }
table.pairs tr.total > * { border-block-start: 1px solid $text; color: $text;
  padding-block: .3em; }
.totals table.pairs { width: 100%; }
.totals table.pairs th { color: $text; }
.totals table.pairs tr > * { padding-block: $row; }
.notes p, .taxes p { font-size: $small; color: $quiet; }
figure svg { width: 100%; height: auto; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.signatures { display: flex; gap: 3rem; margin-block-start: 4rem; }
.signatures p { flex: 1; border-block-start: 1px solid $text; padding-block-start: .3rem;
  font-size: $small; color: $quiet; }
footer { max-width: 52rem; margin: 0 auto 2rem; padding: 0 4rem; font-size: $small;
  color: $quiet; }
.break { break-after: page; }
@media (max-width: 44rem) { main { padding: 1.5rem; margin: 0; }
  .letterhead { grid-template-columns: 1fr; row-gap: .6rem; } }
@page { size: $paper portrait; margin: 18mm 20mm; }
@page wide { size: $paper landscape; }
@media screen { section { overflow-x: auto; } .whole { white-space: nowrap; } }
@media print { body { background: none; } main { margin: 0; padding: 0; max-width: none;
  box-shadow: none; } footer { padding: 0; }
  thead { display: table-header-group; } tr, figure, .signatures { break-inside: avoid; }
  h2, caption, tr.group { break-after: avoid; } .terms, .payment, .taxes { break-inside: avoid; }
  .sheet { break-before: page; overflow: visible; } .wide { page: wide; } }
"""
