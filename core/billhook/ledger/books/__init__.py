"""Books: postings as entries for bookkeeping programs.

`transactions` groups the postings of a ledger, `Accounts` names the accounts of a chart, and a
`BooksFormat` writes the file of one program.
"""
