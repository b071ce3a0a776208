-- Why: risk travels along ties between customers (a guarantor, a spouse, one company, one device), so ties are rows of
-- the customer that has them, in that customer's bucket; each side is registered with its own customer and nothing reads
-- across buckets. linked_reference stands beside the id because the other customer may be registered later or never.
-- An installation says that its lines are demo data, and how far loading them got, so that a start that was interrupted
-- goes on and nobody takes invented customers for real ones.

create table customer_link (
  bucket smallint not null,
  customer_id uuid not null,
  kind text collate "C" not null,
  linked_id uuid not null,
  linked_reference text collate "C" not null,
  primary key (bucket, customer_id, kind, linked_id)
);

-- null: no demo data. Else {lines, seed, stage, bucketsDone}; see src/portfolio/demo-seed.ts.
alter table installation add column demo jsonb;
