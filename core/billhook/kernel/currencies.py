"""The active currencies of ISO 4217 with their minor units.

Source: ISO 4217:2015, list one, as amended to amendment 179 (2025).  These are not CLDR's display
digits, which differ: IQD has 3 decimals here and 0 there, HUF and IDR 2 here and fewer in shops.
Codes without a minor unit (metals, bond-market and drawing units, test and no-currency codes) are
left out: nothing can be billed in them.
"""

from __future__ import annotations

_DECIMALS = {
    0: """
    BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
    """,
    2: """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
    CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD
    LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
    PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
    SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW
    ZWG
    """,
    3: """
    BHD IQD JOD KWD LYD OMR TND
    """,
    4: """
    CLF UYW
    """,
}

MINOR_UNITS: dict[str, int] = {
    code: decimals for decimals, codes in _DECIMALS.items() for code in codes.split()
}
"""Number of decimals by alphabetic code."""
