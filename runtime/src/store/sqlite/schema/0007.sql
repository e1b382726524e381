-- Version 7: what rules said beside the lanes, so that other rules can be asked the same.
--
-- Whom a call was put through to, what a pop-up showed, which deal an order became. `subject` is the communication or the
-- order, null where UIS named none. `event` and `facts` hold what is personal; rows go with the decisions.
CREATE TABLE ruling (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  account       INTEGER NOT NULL,
  kind          INTEGER NOT NULL,
  subject       TEXT,
  bundle_digest TEXT NOT NULL,
  event         TEXT NOT NULL,
  facts         TEXT NOT NULL,
  told          TEXT NOT NULL,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX ruling_walk ON ruling (account, kind, created_at, id, subject);
CREATE INDEX ruling_subject ON ruling (account, kind, subject, id) WHERE subject IS NOT NULL;
CREATE INDEX ruling_created ON ruling (created_at);
