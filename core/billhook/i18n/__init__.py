"""Languages: numbers, dates, units, addresses and labels in a document's locale.

Import the modules by name; this package loads nothing, so that commands that print no document do
not pay for Babel.
"""
