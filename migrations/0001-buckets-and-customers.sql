-- Why: the bucket is the unit of ordering, locking and placement, so it exists before anything else. The row lock of
-- one bucket is the single writer of all its customers; next_seq is the gap-free order of their events and log leaves.
-- Personal data lies only in customer_identity, encrypted field by field under the customer's own key; deleting the
-- row of customer_key makes it, and the commitments in the log, unreadable for ever.

-- Half-empty pages keep the update of next_seq, which every transaction makes, on the page of the row.
create table bucket (
  bucket smallint primary key check (bucket between 0 and 1023),
  next_seq bigint not null default 1
) with (fillfactor = 40);

insert into bucket (bucket) select n from generate_series(0, 1023) as n;

create table customer (
  bucket smallint not null,
  id uuid not null,
  reference text collate "C" not null,
  language text collate "C" not null,
  primary key (bucket, id)
);

create table customer_key (
  bucket smallint not null,
  customer_id uuid not null,
  wrapped_key bytea not null,
  key_id text collate "C" not null,
  primary key (bucket, customer_id)
);

-- ciphertext: AES-256-GCM under the row key, bound to (customer_identity, field, customer_id).
create table customer_identity (
  bucket smallint not null,
  customer_id uuid not null,
  field text collate "C" not null,
  ciphertext bytea not null,
  key_id text collate "C" not null,
  blind_index bytea not null,
  primary key (bucket, customer_id, field)
);

create index customer_identity_lookup on customer_identity (field, blind_index);
