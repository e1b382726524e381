-- Version 4: orders of the CRM that are to be deals in UIS.
--
-- One row an order. `wanted` grows with every word that it changed, `done` is what `wanted` was when it was last taken to
-- UIS; so a burst of changes is one row, and a change that comes while it is being taken there is not lost. `due_at` is
-- null unless something is to be done. `sent_at` is set from before its rows leave until their outcome is known.
-- `memory` holds what UIS has accepted; `reason` why it waits or was put aside. Neither holds a phone or a name.
CREATE TABLE deal (
  account    INTEGER NOT NULL,
  order_id   INTEGER NOT NULL,
  wanted     INTEGER NOT NULL,
  done       INTEGER NOT NULL DEFAULT 0,
  state      INTEGER NOT NULL,
  due_at     INTEGER,
  sent_at    INTEGER,
  tries      INTEGER NOT NULL DEFAULT 0,
  is_gone    INTEGER NOT NULL DEFAULT 0,
  memory     TEXT,
  reason     TEXT,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account, order_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX deal_due ON deal (account, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deal_state ON deal (account, state);
CREATE INDEX deal_recent ON deal (updated_at, order_id);
CREATE INDEX deal_account ON deal (account, updated_at, order_id);

-- Changes of status that the history of the CRM told and that UIS has not been told yet.
CREATE TABLE deal_step (
  account  INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  row_id   INTEGER NOT NULL,
  status   TEXT NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (account, order_id, row_id)
) STRICT, WITHOUT ROWID;

-- What is known to exist in UIS: contacts, employees, own fields. `digest` is of what was last written there.
CREATE TABLE deal_party (
  account INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  ext_id  TEXT NOT NULL,
  digest  TEXT NOT NULL,
  PRIMARY KEY (account, kind, ext_id)
) STRICT, WITHOUT ROWID;
