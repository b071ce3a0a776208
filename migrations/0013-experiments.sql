-- Why: strategies are compared before they replace each other. An experiment shares out the customers of a decision area
-- among arms by digits that are drawn once per customer and kept, and strategies in the shadow assess the same lines
-- without effect. What a shadow said lies in a table of its own, which nothing that decides reads.

-- place: among the experiments of the area that were started, null before its start. arms: name, strategy, share and digit ranges, a list; shadows: strategies; act_on: reason codes for which a holdout
-- customer is acted on all the same. steps: who let it enter which state, when and why; only ever added to.
create table experiment (
  id text collate "C" primary key,
  area text collate "C" not null,
  state text collate "C" not null,
  place integer,
  arms jsonb not null,
  shadows jsonb not null,
  act_on jsonb not null,
  steps jsonb not null,
  created_at timestamptz not null
);

create unique index experiment_running on experiment (area) where state = 'running';

-- digit: HMAC of area and customer modulo 10,000, drawn once. held_out: has fallen into a holdout, which is for ever.
create table customer_digit (
  bucket smallint not null,
  area text collate "C" not null,
  customer_id uuid not null,
  digit smallint not null check (digit between 0 and 9999),
  held_out boolean not null,
  primary key (bucket, area, customer_id)
);

-- packed: what the strategy of that hash said about the lines of a bucket, beside the live one.
create table shadow_assessment (
  bucket smallint not null,
  sweep_id uuid not null,
  strategy_hash text collate "C" not null,
  packed text not null,
  primary key (bucket, sweep_id, strategy_hash)
);

-- experiment: the arms with the very versions that the sweep runs, fixed when it starts; null: none. shadows likewise.
alter table sweep
  add column experiment jsonb,
  add column shadows jsonb not null default '[]';

alter table proposal add column arm text collate "C";

alter table decision
  add column experiment text collate "C",
  add column arm text collate "C";

create index decision_experiment on decision (experiment, arm, made_at, id) where experiment is not null;
