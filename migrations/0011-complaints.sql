-- Why: the daily report counts complaints by topic and says which are still open, however long ago they came in. They are
-- few among many signals, so a partial index finds them without reading the others, and costs only what complaints cost.

create index event_complaint on event (bucket, seq)
  where kind = 'SignalRecorded' and body ->> 'type' = 'complaint';
