-- Why: a credit line is a limit and a status that change; the facts about it are rows that are only ever added, each
-- with the date it speaks of and the instant it became known, so that any past decision can be made again. Money is
-- minor units in bigint. Keys lead with the bucket; no constraint reaches across buckets. The one exception is the
-- directory of references: the core system knows an account by its reference alone, so one reference is one line in the
-- whole installation, and because customers and portfolios lie in different buckets, that can only be held outside them.

-- movements: [{on, netMinor}], what the days after balance_as_of have moved, so that a balance that arrives late can tell
-- what it covers; null when there is none. Pages that are not quite full keep the update of a balance on the page of its
-- row, so that no index is touched.
create table credit_line (
  bucket smallint not null,
  id uuid not null,
  customer_id uuid not null,
  reference text collate "C" not null,
  customer_reference text collate "C" not null,
  portfolio text collate "C" not null,
  product text collate "C" not null,
  jurisdiction text collate "C" not null,
  currency text collate "C" not null,
  limit_minor bigint not null check (limit_minor >= 0),
  drawn_minor bigint not null,
  pending_minor bigint not null,
  status text collate "C" not null,
  opened_on date,
  last_decrease_on date,
  decided_on date,
  balance_as_of date,
  movements jsonb,
  ver integer not null,
  primary key (bucket, id),
  unique (bucket, reference, portfolio)
) with (fillfactor = 90);

create index credit_line_customer on credit_line (bucket, customer_id);
create index credit_line_reference on credit_line (reference);

-- Who holds a reference: claimed before the line is registered, never given up. Not distributed; a row is a directory
-- entry and not the line, so it may stand before the line does.
create table line_reference (
  reference text collate "C" primary key,
  line_id uuid not null,
  portfolio text collate "C" not null,
  customer_reference text collate "C" not null
);

-- facts: canonical JSON as text, because sweeps read it in bulk and never ask the database about its inside.
-- seq orders rows that became known at the same instant: the bucket's next_seq when they were written.
create table line_facts (
  bucket smallint not null,
  line_id uuid not null,
  as_of date not null,
  known_at timestamptz not null,
  seq bigint not null,
  hash text collate "C" not null,
  facts text not null,
  primary key (bucket, line_id, as_of, known_at, seq)
);

-- Decreases that took effect, for "how much in the last 365 days" without reading events.
create table limit_change (
  bucket smallint not null,
  line_id uuid not null,
  seq bigint not null,
  on_date date not null,
  known_at timestamptz not null,
  from_minor bigint not null,
  to_minor bigint not null,
  primary key (bucket, line_id, seq)
);

-- A signal counts once. seq: the bucket's next_seq when it was recorded. content: SHA-256 of what was said, so that the
-- same id with other contents is told apart.
create table signal (
  bucket smallint not null,
  source text collate "C" not null,
  id text collate "C" not null,
  seq bigint not null,
  content text collate "C" not null,
  primary key (bucket, source, id)
);
