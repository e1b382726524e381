-- Version 1.
--
-- Moments are microseconds since 1970, UTC. States are small numbers; `codec.rs` names them.
-- Personal data in plain columns, because it is looked up by exact value: `lane.key` (a phone), `link.natural_key` (a
-- phone), `effect.key` (may end in a phone). Everything else personal is inside bodies and JSON.
-- No foreign keys: every write is in this program, and checks would cost look-ups on the way to the acknowledgement.

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta (name, value) VALUES ('epoch', 0);

-- `served` is the epoch of the account's last claim: the smaller, the longer it has waited for its turn.
-- `wake_at` is never later than the earliest `ready_at` of its lanes; null when none waits. Claims correct it.
CREATE TABLE account (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL UNIQUE,
  served        INTEGER NOT NULL DEFAULT 0,
  wake_at       INTEGER,
  stopped_since INTEGER,
  stop_reason   TEXT
) STRICT;

CREATE INDEX account_wake ON account (wake_at) WHERE wake_at IS NOT NULL AND stopped_since IS NULL;

-- `owner` is null unless leased. `ready_at` is null when nothing waits; under a lease it is the end of the lease.
-- `touched_at` is the last claim, so a lane that is not leased holds nothing that was written after it.
CREATE TABLE lane (
  id         INTEGER PRIMARY KEY,
  account    INTEGER NOT NULL,
  key        TEXT NOT NULL,
  ready_at   INTEGER,
  owner      TEXT,
  epoch      INTEGER NOT NULL DEFAULT 0,
  touched_at INTEGER NOT NULL,
  UNIQUE (account, key)
) STRICT;

CREATE INDEX lane_ready ON lane (account, ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX lane_idle ON lane (touched_at) WHERE ready_at IS NULL;
CREATE INDEX lane_leased ON lane (id) WHERE owner IS NOT NULL;

-- `lane` is null until the contact is known; meanwhile everything of the session is in the lane `s:<key>`.
CREATE TABLE session (
  id      INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  key     TEXT NOT NULL,
  lane    INTEGER,
  UNIQUE (account, key)
) STRICT;

CREATE INDEX session_lane ON session (lane) WHERE lane IS NOT NULL;

-- `scope` is the number of the session, or minus the number of the account when there is none: one identity is unique
-- within one scope. Sessions are numbered as they come, so events of our days stand together in that index; by a hash
-- alone every event would touch a page of its own. `dedup` is a hash. Bodies are apart, so that walking over events does
-- not read them.
CREATE TABLE inbox (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  account     INTEGER NOT NULL,
  scope       INTEGER NOT NULL,
  dedup       BLOB NOT NULL,
  source      TEXT NOT NULL,
  event       TEXT NOT NULL,
  lane        INTEGER,
  received_at INTEGER NOT NULL,
  origin      INTEGER NOT NULL,
  state       INTEGER NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,
  next_at     INTEGER NOT NULL,
  error       TEXT
) STRICT;

CREATE UNIQUE INDEX inbox_identity ON inbox (scope, dedup);
CREATE INDEX inbox_fresh ON inbox (lane, seq) WHERE state = 0 AND attempts = 0;
CREATE INDEX inbox_retry ON inbox (lane, next_at) WHERE state = 0 AND attempts > 0;
CREATE INDEX inbox_waiting ON inbox (account, received_at) WHERE state = 0;
CREATE INDEX inbox_done ON inbox (received_at) WHERE state = 1;
CREATE INDEX inbox_kept ON inbox (state, received_at) WHERE state IN (2, 3);
CREATE INDEX inbox_kept_account ON inbox (account, state, received_at) WHERE state IN (2, 3);

CREATE TABLE body (
  seq          INTEGER PRIMARY KEY,
  content_type TEXT NOT NULL,
  bytes        BLOB NOT NULL
) STRICT;

CREATE TABLE communication (
  id         INTEGER PRIMARY KEY,
  account    INTEGER NOT NULL,
  session    INTEGER NOT NULL UNIQUE,
  lane       INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  data       TEXT NOT NULL,
  phase      INTEGER NOT NULL,
  due_at     INTEGER,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX communication_due ON communication (lane, due_at) WHERE phase <> 3;
CREATE INDEX communication_unsettled ON communication (account, phase) WHERE phase <> 3;
CREATE INDEX communication_lane ON communication (lane, updated_at);
CREATE INDEX communication_recent ON communication (updated_at);
CREATE INDEX communication_account ON communication (account, updated_at);
CREATE INDEX communication_closed ON communication (updated_at) WHERE phase = 3;

CREATE TABLE decision (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  account       INTEGER NOT NULL,
  session       INTEGER NOT NULL,
  stage         TEXT NOT NULL,
  bundle_digest TEXT NOT NULL,
  now           INTEGER NOT NULL,
  event         TEXT NOT NULL,
  facts         TEXT NOT NULL,
  decision      TEXT NOT NULL,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX decision_session ON decision (session, id);
CREATE INDEX decision_created ON decision (created_at);

CREATE TABLE effect (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  account    INTEGER NOT NULL,
  lane       INTEGER NOT NULL,
  session    INTEGER,
  decision   INTEGER,
  ordinal    INTEGER NOT NULL,
  key        TEXT NOT NULL,
  kind       TEXT NOT NULL,
  class      INTEGER NOT NULL,
  request    TEXT NOT NULL,
  needs      TEXT NOT NULL,
  state      INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  next_at    INTEGER NOT NULL,
  epoch      INTEGER,
  remote_id  TEXT,
  error      TEXT,
  response   TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (account, key)
) STRICT;

CREATE INDEX effect_next ON effect (lane, id) WHERE state IN (0, 1, 2);
CREATE INDEX effect_held ON effect (lane, id) WHERE state = 4;
CREATE INDEX effect_unsettled ON effect (account, state) WHERE state <> 3;
CREATE INDEX effect_session ON effect (session, id) WHERE session IS NOT NULL;
CREATE INDEX effect_remote ON effect (remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX effect_done ON effect (updated_at) WHERE state = 3;
CREATE INDEX effect_dead ON effect (updated_at) WHERE state = 5;
CREATE INDEX effect_dead_account ON effect (account, updated_at) WHERE state = 5;

CREATE TABLE link (
  account     INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  natural_key TEXT NOT NULL,
  remote_id   TEXT NOT NULL,
  checked_at  INTEGER NOT NULL,
  PRIMARY KEY (account, kind, natural_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (
  account INTEGER NOT NULL,
  name    TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;
