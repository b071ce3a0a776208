-- Why: lists and totals ask by region, industry, tier or score, which lie inside the text of facts. line_profile is one
-- narrow row per line with just these, written in the transaction of the facts themselves, so that it can be rebuilt and is
-- never behind. It has no index but its key: grouping reads all of it anyway, and every further index would be paid by
-- each facts row. Codes of reasons and the segment of a decision lie in its record; they stand beside it, written once with
-- it, because lists and totals ask for them.

create table line_profile (
  bucket smallint not null,
  line_id uuid not null,
  region text collate "C",
  industry text collate "C",
  loan_purpose text collate "C",
  campaign text collate "C",
  tier text collate "C",
  score integer,
  days_past_due integer,
  delinquency text collate "C",
  utilisation_bp integer,
  facts_as_of date not null,
  primary key (bucket, line_id)
);

alter table decision
  add column reasons jsonb not null default '[]',
  add column segment text collate "C";
