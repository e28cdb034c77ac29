"""Writing PDF files: fonts, text, pages and files, and nothing about bills.

Only this package imports fpdf, fontTools and uharfbuzz, and only when something is drawn or a
text needs shaping. Lengths are points (1/72 inch); a page's origin is its top left corner and
``y`` grows downwards, as in `billhook.render.pdf.writer.canvas`.
"""
