-- Why: facts that are declared over signals (drawdowns in 30 days, change of the score in 90) need what was told by day, and
-- a signal must not cost more the longer a line is known. A pane holds what was told of one measure of one line on one day;
-- a signal writes one new version of its pane and touches nothing else. Versions are only ever added, so that the facts of
-- any past date are those that were used then.

-- sum, low, high, last: of numbers and amounts, minor units or scaled by the unit of the signal's field; seen, last_seen: of
-- codes. seq: the bucket's next_seq when the version was written. The day leads the measure, because a window is read for
-- all measures of a line at once.
create table fact_pane (
  bucket smallint not null,
  line_id uuid not null,
  on_date date not null,
  measure text collate "C" not null,
  known_at timestamptz not null,
  seq bigint not null,
  count integer not null check (count >= 0),
  sum bigint,
  low bigint,
  high bigint,
  last bigint,
  seen jsonb,
  last_seen text collate "C",
  last_at timestamptz,
  primary key (bucket, line_id, on_date, measure, known_at, seq)
);
