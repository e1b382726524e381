-- Version 5: what shadow rules would have decided otherwise.
--
-- Only counts, and communications as examples; the events and facts are those of the decisions. One row of `shadow` for
-- each candidate beside each bundle in force; days are days since 1970 in the zone of the account. `en` and `ru` name a
-- group for people and hold no personal data of clients.
CREATE TABLE shadow (
  id        INTEGER PRIMARY KEY,
  account   INTEGER NOT NULL,
  candidate TEXT NOT NULL,
  in_force  TEXT NOT NULL,
  last_at   INTEGER NOT NULL,
  UNIQUE (account, candidate, in_force)
) STRICT;

CREATE TABLE shadow_day (
  shadow   INTEGER NOT NULL,
  day      INTEGER NOT NULL,
  same     INTEGER NOT NULL,
  differ   INTEGER NOT NULL,
  unjudged INTEGER NOT NULL,
  failed   INTEGER NOT NULL,
  dropped  INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,
  PRIMARY KEY (shadow, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE shadow_group (
  id     INTEGER PRIMARY KEY,
  shadow INTEGER NOT NULL,
  class  INTEGER NOT NULL,
  key    TEXT NOT NULL,
  en     TEXT NOT NULL,
  ru     TEXT NOT NULL,
  UNIQUE (shadow, class, key)
) STRICT;

CREATE TABLE shadow_group_day (
  shadow_group INTEGER NOT NULL,
  day          INTEGER NOT NULL,
  count        INTEGER NOT NULL,
  first_at     INTEGER NOT NULL,
  last_at      INTEGER NOT NULL,
  PRIMARY KEY (shadow_group, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE shadow_example (
  shadow_group INTEGER NOT NULL,
  session      TEXT NOT NULL,
  at           INTEGER NOT NULL,
  PRIMARY KEY (shadow_group, session)
) STRICT, WITHOUT ROWID;

CREATE INDEX shadow_day_old ON shadow_day (day);
CREATE INDEX shadow_group_day_old ON shadow_group_day (day);
CREATE INDEX shadow_example_old ON shadow_example (at);
