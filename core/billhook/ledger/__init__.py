"""Receivables: what clients owe, what they paid, and how the two meet.

A library over documents and the audit log.  It reads both and writes only entries of the log, each
checked when it is recorded, inside one transaction.  There is no balance column: balances, open
items, ageing and statements are functions of the log at a day.

* `billhook.ledger.journal.read_ledger` folds the log into a `Ledger`: items, receipts, movements.
* `billhook.ledger.receipts` records receipts, refunds, write-offs, fees, and undoes them.
* `billhook.ledger.allocation` settles items from receipts, and takes that back.
* `billhook.ledger.open_items`, `ageing` and `statement` read a ledger at a day.
* `billhook.ledger.disputes` records disputes and promises, `billhook.ledger.funds` money held for
  a client, `billhook.ledger.clients` gathers what is known of one.
* `billhook.ledger.bank` reads bank statements and matches their lines to open items.
* `billhook.ledger.postings` derives balanced postings for each entry.

```python
from billhook.ledger.ageing import ageing
from billhook.ledger.allocation import Settlement, allocate
from billhook.ledger.journal import read_ledger
from billhook.ledger.receipts import Incoming, add_receipt

receipt = add_receipt(store, Incoming(customer="acme", amount=sum_, currency="EUR", day=day), actor)
allocate(store, receipt, [Settlement(item="INV-2026-00001")], actor)
with store.read() as reading:
    table = ageing(read_ledger(reading), day)
```
"""
