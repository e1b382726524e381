-- Version 2: pop-ups.
--
-- One row a call that has had a pop-up. `data` says who saw it (and holds the client's number, since taking it off the
-- screen needs it); `version` grows with every write, and a write names the one it has read. `is_open` is 1 while
-- somebody may have it on the screen.
CREATE TABLE popup (
  account    INTEGER NOT NULL,
  session    TEXT NOT NULL,
  version    INTEGER NOT NULL,
  is_open    INTEGER NOT NULL,
  data       TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (account, session)
) STRICT, WITHOUT ROWID;

CREATE INDEX popup_open ON popup (account) WHERE is_open = 1;
CREATE INDEX popup_closed ON popup (updated_at) WHERE is_open = 0;
