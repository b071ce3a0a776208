-- Why: a sweep over a portfolio is long work in many small transactions, so it keeps its place in rows: as_of and
-- known_at are fixed at the start, each bucket says which pass is done, and a lease says who works on it now. A sweep that
-- was interrupted goes on from here and ends with the same result.

create table sweep (
  id uuid primary key,
  strategy_id text collate "C" not null,
  strategy_version integer not null,
  strategy_hash text collate "C" not null,
  as_of date not null,
  known_at timestamptz not null,
  portfolio text collate "C",
  daily_cap_minor bigint,
  state text collate "C" not null,
  -- null: it may go on
  paused_by text collate "C",
  maker text collate "C" not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  -- null until ranked; true: every proposal has its turn; false: those in proposal_grant
  granted_all boolean,
  counts jsonb
);

create index sweep_started on sweep (started_at, id);

-- asked: about the customers of the bucket, where the strategy needs sources. packed: the assessments of the lines left unchanged, one row for the whole bucket.
create table sweep_bucket (
  bucket smallint not null,
  sweep_id uuid not null,
  asked boolean not null default false,
  assessed boolean not null default false,
  decided boolean not null default false,
  lease_owner text collate "C",
  lease_until timestamptz,
  assess_counts jsonb,
  decide_counts jsonb,
  packed text,
  primary key (bucket, sweep_id)
);

create index sweep_bucket_sweep on sweep_bucket (sweep_id, bucket);

-- Rank: expected loss avoided descending, then line. assessment: canonical JSON.
create table proposal (
  bucket smallint not null,
  sweep_id uuid not null,
  line_id uuid not null,
  customer_id uuid not null,
  line_ver integer not null,
  portfolio text collate "C" not null,
  segment text collate "C",
  removed_minor bigint not null,
  expected_loss_avoided_minor bigint not null,
  assessment text not null,
  primary key (bucket, sweep_id, line_id)
);

create index proposal_sweep on proposal (sweep_id);

-- Who has a turn in the first window. Rows beside the proposals, because rewriting those would cost a hundred times more.
create table proposal_grant (
  bucket smallint not null,
  sweep_id uuid not null,
  line_id uuid not null,
  primary key (bucket, sweep_id, line_id)
);
