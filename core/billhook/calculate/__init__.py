"""The arithmetic of a bill: lines, adjustments, tax, totals, terms.  Pure, and only here."""
