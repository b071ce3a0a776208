-- Why: the decisions of a sweep are a wave, and undoing one is long work like the sweep itself. It keeps who asked, who
-- approved and what they agreed to; its buckets are leased as rows of sweep_bucket under its own id; and of every decision
-- it met a row says what became of it, so that what could not be given back can be listed with its reason.

-- filter: {segment, region, action, reason}; planned: {withdrawn, restored, amountMinor, refused}.
create table wave_undo (
  id uuid primary key,
  sweep_id uuid not null,
  portfolio text collate "C",
  filter jsonb not null,
  reason text not null,
  author text collate "C" not null,
  proposed_at timestamptz not null,
  planned jsonb not null,
  state text collate "C" not null,
  decided_by text collate "C",
  decided_at timestamptz,
  finished_at timestamptz
);

create index wave_undo_proposed on wave_undo (proposed_at, id);

-- did: withdrawn, restored or refused; because: {zh, en}, why the line stays as it is.
create table undone_line (
  bucket smallint not null,
  undo_id uuid not null,
  decision_id uuid not null,
  line_id uuid not null,
  reference text collate "C" not null,
  did text collate "C" not null,
  amount_minor bigint not null,
  restoration_id uuid,
  refused text collate "C",
  because jsonb,
  primary key (bucket, undo_id, decision_id)
);

create index undone_line_undo on undone_line (undo_id, bucket, decision_id);
