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
-- signed_off: undecided direction laws that the approver answered for by name, a list of texts.
create table strategy (
  id text collate "C" not null,
  version integer not null,
  hash text collate "C" not null unique,
  state text collate "C" not null,
  author text collate "C" not null,
  approved_by text collate "C",
  signed_off jsonb not null default '[]',
  document text not null,
  added_at timestamptz not null,
  primary key (id, version)
);

create unique index strategy_active on strategy (id) where state = 'active';
