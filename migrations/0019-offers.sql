-- Why: where law or contract asks for it, a lower limit is first offered to the customer. An offer keeps exactly what was
-- proposed, how long it stands, and the proof of what the customer agreed to; a decision knows since when it is agreed.

-- terms: what is offered and what each answer leads to; consent: to which limit, in which words, when, how and by whom.
create table offer (
  bucket smallint not null,
  id uuid not null,
  decision_id uuid not null,
  line_id uuid not null,
  customer_id uuid not null,
  state text collate "C" not null,
  notice_id uuid not null,
  terms jsonb not null,
  terms_hash text collate "C" not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  settled_at timestamptz,
  consent jsonb,
  ver integer not null,
  primary key (bucket, id)
);

create index offer_decision on offer (bucket, decision_id);
create index offer_line on offer (bucket, line_id);
create index offer_made on offer (made_at, id);
create index offer_state on offer (state, made_at, id);

alter table decision add column agreed_at timestamptz;
