"""Issuing: numbering, claims, sealing and the audit log of documents.

Everything here takes plain arguments: a store, an engine, and an `billhook.issue.actor.Actor` that
says who does something, when and why.  No clock is read, and nobody is asked; the command line
is one caller among others.

* `billhook.issue.request.issue_requests` works jobs out with the store's past and issues them, all
  or none; `rehearse_requests` shows what it would do.
* `billhook.issue.issue.issue` issues a draft that you have; ``issue_in`` does so in a
  transaction of yours.
* `billhook.credit.service.credit` and ``void`` take back; `billhook.issue.delivery.mark_sent`
  records that a document left.
* `billhook.issue.events.add_event` records what happens between bills.
* `billhook.runs.run.draft_run`, `billhook.runs.review` and
  `billhook.runs.issue.issue_run` bill many jobs with review and approval.
* `billhook.issue.history.history` is what plugins get to know; `billhook.audit.replay.replay`
  works a document out again.
* `billhook.audit.verify.verify` computes everything again; `billhook.issue.anchors.close`
  makes the anchor that shows a cut tail.
* `billhook.issue.roles.Roles` says who may do what; every service that changes something takes
  them.

```python
from billhook.issue.actor import Act
from billhook.issue.request import IssueRequest, issue_requests

act = Act(by="kim", at=now)
[outcome] = issue_requests(store, [IssueRequest(engine=engine, job=job, records=records)], act)
```
"""
