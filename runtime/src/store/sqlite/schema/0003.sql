-- Version 3: clicks on a phone in the CRM.
--
-- `request` and `outcome` hold a phone. `dedup` is a hash. `session` is the key of the call that came of it, by which
-- pages lead there; it is a text, because the click may know of the call before any notification does.

CREATE TABLE click (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  account     INTEGER NOT NULL,
  dedup       BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  state       INTEGER NOT NULL,
  notice      INTEGER NOT NULL DEFAULT 0,
  session     TEXT,
  request     TEXT NOT NULL,
  outcome     TEXT,
  updated_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX click_same ON click (account, dedup, received_at);
CREATE INDEX click_unfinished ON click (account, id) WHERE state IN (0, 1) OR notice = 1;
CREATE INDEX click_recent ON click (received_at);
CREATE INDEX click_account ON click (account, received_at);
