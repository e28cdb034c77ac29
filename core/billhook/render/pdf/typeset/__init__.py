"""Typesetting: a composition set in type, broken into pages, and drawn on the PDF writer.

One pass: blocks become boxes (`box`), which are never split; boxes are put on pages
(`pagination`) under the rules of keeping together, repeated heads and carried sums; then pages are
drawn. All lengths are points; ``x`` runs in reading direction from the frame's beginning, so a page
from right to left is the mirror of one from left to right.
"""
