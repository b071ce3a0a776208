-- Why: what happened, in the one order of its bucket, and the leaf of the tamper-evident log that stands for it, in its
-- final bytes from the first row on. Both are only ever added; integration into the Merkle tree reads leaves as they are.

create table event (
  bucket smallint not null,
  seq bigint not null,
  kind text collate "C" not null,
  line_id uuid not null,
  customer_id uuid not null,
  subject uuid not null,
  cause uuid not null,
  actor text collate "C" not null,
  at timestamptz not null,
  body jsonb not null,
  primary key (bucket, seq)
);

create index event_line on event (bucket, line_id, seq);

create table log_leaf (
  bucket smallint not null,
  seq bigint not null,
  leaf text not null,
  hash bytea not null check (length(hash) = 32),
  primary key (bucket, seq)
);
