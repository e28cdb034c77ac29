"""Whole numbers below a thousand million in words, before a masculine noun, by language.

Sources: the languages' orthographies; French and Italian in the traditional form, French with the
tens of France, Dutch by the Groene Boekje, Portuguese of Brazil and of Portugal.
"""

from __future__ import annotations

from collections.abc import Callable

LIMIT = 1_000_000_000
"""Numbers from here on are not written: their names differ between countries of one language."""

Numeral = Callable[[int], str]


def _parts(number: int) -> tuple[int, int, int]:
    """Return the millions, the thousands and the rest."""
    millions, rest = divmod(number, 1_000_000)
    return millions, *divmod(rest, 1000)


def _join(*words: str) -> str:
    return " ".join(word for word in words if word)


def _words(text: str) -> list[str]:
    return text.split()


# ── English ──────────────────────────────────────────────────────────────────

_EN = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_EN_TENS = _words("- - twenty thirty forty fifty sixty seventy eighty ninety")


def english(number: int) -> str:
    """Return the number in American English: ``one hundred five``."""
    return _english(number, "")


def british(number: int) -> str:
    """Return the number in British English: ``one hundred and five``."""
    return _english(number, "and")


def _english(number: int, link: str) -> str:
    millions, thousands, rest = _parts(number)
    if not number:
        return _EN[0]
    return _join(
        f"{_english_hundreds(millions, link)} million" if millions else "",
        f"{_english_hundreds(thousands, link)} thousand" if thousands else "",
        link if number > rest and 0 < rest < 100 else "",
        _english_hundreds(rest, link),
    )


def _english_hundreds(number: int, link: str) -> str:
    hundreds, rest = divmod(number, 100)
    head = f"{_EN[hundreds]} hundred" if hundreds else ""
    return _join(head, link if head and rest else "", _english_tens(rest))


def _english_tens(number: int) -> str:
    if number < len(_EN):
        return _EN[number] if number else ""
    tens, ones = divmod(number, 10)
    return f"{_EN_TENS[tens]}-{_EN[ones]}" if ones else _EN_TENS[tens]


# ── German ───────────────────────────────────────────────────────────────────

_DE = _words(
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
    "fünfzehn sechzehn siebzehn achtzehn neunzehn"
)
_DE_TENS = _words("- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")


def german(number: int) -> str:
    """Return the number in German: ``einhundertfünf``."""
    millions, thousands, rest = _parts(number)
    if not number:
        return _DE[0]
    count = _german_hundreds(millions) + ("e" if millions % 100 == 1 else "")
    head = "eine Million" if millions == 1 else f"{count} Millionen"
    tail = f"{_german_hundreds(thousands)}tausend" if thousands else ""
    return _join(head if millions else "", tail + _german_hundreds(rest))


def swiss_german(number: int) -> str:
    """Return the number in Swiss spelling, which has no sharp s."""
    return german(number).replace("ß", "ss")


def _german_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    return (f"{_DE[hundreds]}hundert" if hundreds else "") + _german_tens(rest)


def _german_tens(number: int) -> str:
    if number < len(_DE):
        return _DE[number] if number else ""
    tens, ones = divmod(number, 10)
    return (f"{_DE[ones]}und" if ones else "") + _DE_TENS[tens]


# ── French ───────────────────────────────────────────────────────────────────

_FR = _words(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf"
)
_FR_TENS = _words("- - vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")
_SCORES = (7, 9)
"""Tens that go on from the ten before: soixante-dix, quatre-vingt-dix."""


def french(number: int) -> str:
    """Return the number in French of France and Canada: ``quatre-vingt-onze``."""
    millions, thousands, rest = _parts(number)
    if not number:
        return _FR[0]
    million = "million" if millions == 1 else "millions"
    thousand = "" if thousands == 1 else _french_hundreds(thousands, plural="")
    return _join(
        f"{_french_hundreds(millions, plural='s')} {million}" if millions else "",
        _join(thousand, "mille") if thousands else "",
        _french_hundreds(rest, plural="s"),
    )


def _french_hundreds(number: int, plural: str) -> str:
    hundreds, rest = divmod(number, 100)
    cent = "cent" if hundreds == 1 or rest else f"cent{plural}"
    count = "" if hundreds == 1 else _FR[hundreds]
    return _join(_join(count, cent) if hundreds else "", _french_tens(rest, plural))


def _french_tens(number: int, plural: str) -> str:
    if number < len(_FR):
        return _FR[number] if number else ""
    tens, ones = divmod(number, 10)
    ones += 10 if tens in _SCORES else 0
    eighty = _FR_TENS[tens] == _FR_TENS[8]
    if not ones:
        return _FR_TENS[tens] + (plural if eighty else "")
    link = " et " if ones in (1, 11) and not eighty else "-"
    return f"{_FR_TENS[tens]}{link}{_FR[ones]}"


# ── Spanish ──────────────────────────────────────────────────────────────────

_ES = _words(
    "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiún veintidós veintitrés veinticuatro "
    "veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_ES_TENS = _words("- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_ES_HUNDREDS = _words(
    "- ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos "
    "ochocientos novecientos"
)


def spanish(number: int) -> str:
    """Return the number in Spanish, shortened as before a noun: ``veintiún``."""
    millions, thousands, rest = _parts(number)
    if not number:
        return _ES[0]
    million = "millón" if millions == 1 else "millones"
    return _join(
        f"{_spanish_hundreds(millions)} {million}" if millions else "",
        _join("" if thousands == 1 else _spanish_hundreds(thousands), "mil") if thousands else "",
        _spanish_hundreds(rest),
    )


def _spanish_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    head = "cien" if number == 100 else _ES_HUNDREDS[hundreds] if hundreds else ""
    return _join(head, _spanish_tens(rest))


def _spanish_tens(number: int) -> str:
    if number < len(_ES):
        return _ES[number] if number else ""
    tens, ones = divmod(number, 10)
    return f"{_ES_TENS[tens]} y {_ES[ones]}" if ones else _ES_TENS[tens]


# ── Italian ──────────────────────────────────────────────────────────────────

_IT = _words(
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici "
    "quindici sedici diciassette diciotto diciannove"
)
_IT_TENS = _words("- - venti trenta quaranta cinquanta sessanta settanta ottanta novanta")


def italian(number: int) -> str:
    """Return the number in Italian: ``centoventitré``."""
    millions, thousands, rest = _parts(number)
    if number < 2:
        return ("zero", "un")[number]
    head = "un milione" if millions == 1 else f"{_accent(_italian_hundreds(millions))} milioni"
    mille = "mille" if thousands == 1 else f"{_italian_hundreds(thousands)}mila"
    tail = (mille if thousands else "") + _italian_hundreds(rest)
    tail = "e un" if tail == _IT[1] else _accent(tail)
    return _join(head if millions else "", tail)


def _italian_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    count = "" if hundreds == 1 else _IT[hundreds]
    return (f"{count}cento" if hundreds else "") + _italian_tens(rest)


def _italian_tens(number: int) -> str:
    if number < len(_IT):
        return _IT[number] if number else ""
    tens, ones = divmod(number, 10)
    # A ten loses its vowel before another: ventuno, ventotto.
    ten = _IT_TENS[tens][:-1] if ones in (1, 8) else _IT_TENS[tens]
    return ten + (_IT[ones] if ones else "")


def _accent(word: str) -> str:
    return f"{word[:-3]}tré" if word.endswith("tre") and word != "tre" else word


# ── Portuguese ───────────────────────────────────────────────────────────────

_PT = _words(
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze "
    "dezesseis dezessete dezoito dezenove"
)
_PT_TENS = _words("- - vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
_PT_HUNDREDS = _words(
    "- cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos"
)


def brazilian(number: int) -> str:
    """Return the number in Portuguese of Brazil: ``mil e dezesseis``."""
    millions, thousands, rest = _parts(number)
    if not number:
        return _PT[0]
    million = "milhão" if millions == 1 else "milhões"
    groups = [
        (millions, f"{_portuguese_hundreds(millions)} {million}"),
        (thousands, _join("" if thousands == 1 else _portuguese_hundreds(thousands), "mil")),
        (rest, _portuguese_hundreds(rest)),
    ]
    *before, (last, text) = [(count, words) for count, words in groups if count]
    # "e" stands before the last group when that is below a hundred or whole hundreds.
    link = "e" if before and (last < 100 or last % 100 == 0) else ""
    return _join(*(words for _, words in before), link, text)


def portuguese(number: int) -> str:
    """Return the number in Portuguese of Portugal: ``mil e dezasseis``."""
    text = brazilian(number)
    for there, here in (("dezess", "dezass"), ("dezenove", "dezanove")):
        text = text.replace(there, here)
    return text


def _portuguese_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if number == 100:
        return "cem"
    words = [_PT_HUNDREDS[hundreds]] if hundreds else []
    return " e ".join([*words, *_portuguese_tens(rest)])


def _portuguese_tens(number: int) -> list[str]:
    if number < len(_PT):
        return [_PT[number]] if number else []
    tens, ones = divmod(number, 10)
    return [_PT_TENS[tens], *([_PT[ones]] if ones else [])]


# ── Dutch ────────────────────────────────────────────────────────────────────

_NL = _words(
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien "
    "zestien zeventien achttien negentien"
)
_NL_TENS = _words("- - twintig dertig veertig vijftig zestig zeventig tachtig negentig")


def dutch(number: int) -> str:
    """Return the number in Dutch: ``honderdtweeëntwintig``."""
    millions, thousands, rest = _parts(number)
    if number < 2:
        return ("nul", "één")[number]
    thousand = "" if thousands == 1 else _dutch_hundreds(thousands)
    return _join(
        f"{'één' if millions == 1 else _dutch_hundreds(millions)} miljoen" if millions else "",
        f"{thousand}duizend" if thousands else "",
        _dutch_hundreds(rest),
    )


def _dutch_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    count = "" if hundreds == 1 else _NL[hundreds]
    return (f"{count}honderd" if hundreds else "") + _dutch_tens(rest)


def _dutch_tens(number: int) -> str:
    if number < len(_NL):
        return _NL[number] if number else ""
    tens, ones = divmod(number, 10)
    if not ones:
        return _NL_TENS[tens]
    # A trema keeps two vowels apart: tweeëntwintig.
    link = "ën" if _NL[ones].endswith("e") else "en"
    return f"{_NL[ones]}{link}{_NL_TENS[tens]}"
