-- Version 6: walking the decisions of one account in order of time.
--
-- The walk of `history.rs` looks at the last decision of each communication within a time. Everything that it looks for them
-- by stands in this index, so rows (a few kilobytes each) are read only of the communications that it tells of. `id` is
-- named although every index ends with it: the order of the walk is by time and number, and `session` comes after.
CREATE INDEX decision_walk ON decision (account, created_at, id, session);
