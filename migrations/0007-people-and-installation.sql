-- Why: who may sign in or call, and whose installation this is. Secrets are stored only as hashes. Sessions and keys
-- expire in real time, never by the test clock.

-- An account is never deleted, only disabled: decisions name it for ever. roles: names of domain roles;
-- scope: {"kind":"all"} or {"kind":"portfolios","portfolios":[…]} or {"kind":"own","customerId":…};
-- desk: {"skills":[…],"authority":[{"amountMinor":…,"currency":…}] or null for no limit}.
create table account (
  id text collate "C" primary key,
  login text collate "C" not null unique,
  name_zh text not null,
  name_en text not null,
  roles text[] not null,
  scope jsonb not null,
  desk jsonb not null default '{"skills":[],"authority":null}',
  password_hash text collate "C",
  language text collate "C" not null,
  disabled boolean not null default false,
  created_at timestamptz not null default now()
);

-- token_hash: SHA-256 of the cookie's token; the token itself is nowhere.
create table session (
  token_hash bytea primary key,
  account_id text collate "C" not null references account (id),
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create index session_account on session (account_id);
create index session_expiry on session (expires_at);

-- prefix: the public part of the key, by which it is found; hash: SHA-256 of its whole text. A key acts as its account;
-- roles and scope may only narrow those of the account.
create table api_key (
  prefix text collate "C" primary key,
  hash bytea not null,
  account_id text collate "C" not null references account (id),
  roles text[] not null,
  scope jsonb not null,
  label text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);

create index api_key_account on api_key (account_id);

-- One row. test_clock: the sandbox's own time, null while real time counts; always null in mode live.
create table installation (
  id smallint primary key check (id = 1),
  lender text not null,
  time_zone text collate "C" not null,
  currency text collate "C" not null,
  mode text collate "C" not null check (mode in ('sandbox', 'live')),
  test_clock timestamptz,
  created_at timestamptz not null default now(),
  check (mode = 'sandbox' or test_clock is null)
);
