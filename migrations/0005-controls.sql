-- Why: what keeps the flow safe from the outside: replies remembered under idempotency keys in the transaction of their
-- effect, stop switches, budgets that cannot be overspent, and the strategies a decision can name. Tables without a
-- bucket are small and not distributed.

-- reply is json, not jsonb: the second answer has the bytes of the first.
create table idempotency (
  bucket smallint not null,
  client text collate "C" not null,
  key text collate "C" not null,
  body_hash text collate "C" not null,
  status integer not null,
  reply json not null,
  at timestamptz not null default now(),
  primary key (bucket, client, key)
);

create index idempotency_at on idempotency (at);

-- The same for requests that concern no customer: users, strategies, sweeps.
create table idempotency_global (
  client text collate "C" not null,
  key text collate "C" not null,
  body_hash text collate "C" not null,
  status integer not null,
  reply json not null,
  at timestamptz not null default now(),
  primary key (client, key)
);

create index idempotency_global_at on idempotency_global (at);

-- A halt stops its area until it expires or is lifted; lifted rows stay as the record of who stopped what and why.
create table halt (
  id uuid primary key,
  area text collate "C" not null,
  reason text not null,
  set_by text collate "C" not null,
  at timestamptz not null,
  expires_at timestamptz not null,
  lifted_by text collate "C",
  lifted_at timestamptz
);

create unique index halt_area on halt (area) where lifted_at is null;

-- The pace ledger: 0 <= remaining <= cap holds whatever happens at the same time. A reservation is held once per key.
create table budget_window (
  budget text collate "C" not null,
  window_on date not null,
  cap bigint not null check (cap >= 0),
  remaining bigint not null check (remaining between 0 and cap),
  primary key (budget, window_on)
);

create table reservation (
  budget text collate "C" not null,
  key text collate "C" not null,
  window_on date not null,
  amount bigint not null check (amount >= 0),
  primary key (budget, key)
);

-- document: RFC 8785 canonical JSON; hash is over exactly these bytes. At most one version of a strategy is active.
-- Only that of a draft is ever replaced; edited_by, a list of texts, says by whom.
-- state: draft, submitted, approved, active or retired. signed_off: undecided direction laws that the approver answered
-- for by name, a list of texts. effective_on: the business date from which an approved version is active. restores: the
-- earlier version whose contents this one has again.
create table strategy (
  id text collate "C" not null,
  version integer not null,
  hash text collate "C" not null unique,
  state text collate "C" not null,
  author text collate "C" not null,
  edited_by jsonb not null default '[]',
  approved_by text collate "C",
  signed_off jsonb not null default '[]',
  effective_on date,
  restores integer,
  document text not null,
  added_at timestamptz not null,
  primary key (id, version)
);

create unique index strategy_active on strategy (id) where state = 'active';

-- Who let a version enter a state, when and why. A version enters each state once at most: it never goes back, and
-- what is wanted again becomes a new version.
create table strategy_step (
  id text collate "C" not null,
  version integer not null,
  state text collate "C" not null,
  at timestamptz not null,
  by text collate "C" not null,
  reason text,
  primary key (id, version, state)
);
