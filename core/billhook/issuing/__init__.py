"""From draft to promise: numbering, sealing, correcting, verifying, and runs over many jobs.

Everything here takes plain arguments: a store, an engine, and an `billhook.issuing.act.Act` that
says who does something, when and why.  No clock is read, and nobody is asked; the command line
is one caller among others.

* `billhook.issuing.order.issue_requests` works jobs out with the store's past and issues them, all
  or none; `rehearse_requests` shows what it would do.
* `billhook.issuing.issue.issue` issues a draft that you have; ``issue_in`` does so in a
  transaction of yours.
* `billhook.issuing.correct.credit` and ``void`` take back; `billhook.issuing.sent.mark_sent`
  records that a document left.
* `billhook.issuing.event.add_event` records what happens between bills.
* `billhook.issuing.run.draft_run`, `billhook.issuing.run_review` and
  `billhook.issuing.run_issue.issue_run` bill many jobs with review and approval.
* `billhook.issuing.past.history` is what plugins get to know; `billhook.issuing.replay.replay`
  works a document out again.
* `billhook.issuing.verify.verify` computes everything again; `billhook.issuing.closing.close`
  makes the anchor that shows a cut tail.
* `billhook.issuing.roles.Roles` says who may do what; every service that changes something takes
  them.

```python
from billhook.issuing.act import Act
from billhook.issuing.order import IssueRequest, issue_requests

act = Act(by="kim", at=now)
[outcome] = issue_requests(store, [IssueRequest(engine=engine, job=job, records=records)], act)
```
"""
