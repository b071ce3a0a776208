-- Why: a report that somebody acted on must be found again exactly as it was, so every version is kept as the bytes that
-- its hash is over, and the newest of a date and portfolio stands for it. Beside the shelf lies who has opened what.
-- Reports are about whole portfolios: they have no bucket and are small, so they are not distributed.

-- portfolio: '' is every portfolio. document: canonical JSON; hash: SHA-256 of exactly these bytes.
create table report (
  id uuid primary key,
  kind text collate "C" not null,
  as_of date not null,
  portfolio text collate "C" not null,
  made_at timestamptz not null,
  maker text collate "C" not null,
  hash text collate "C" not null,
  document text not null
);

create index report_newest on report (kind, as_of, portfolio, made_at, id);
create index report_made on report (made_at, id);

create table report_reading (
  account_id text collate "C" not null,
  report_id uuid not null references report (id),
  read_at timestamptz not null default now(),
  primary key (account_id, report_id)
);
