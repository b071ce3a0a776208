-- Why: a decision, the people who must agree to it, the notice that tells the customer, every wait (timer) and every
-- message to the world (outbox). A decision's record is written once, as the exact canonical JSON that is hashed and
-- replayed; its other columns are its present state and what lists filter by.

create table decision (
  bucket smallint not null,
  id uuid not null,
  line_id uuid not null,
  customer_id uuid not null,
  cause_id uuid not null,
  area text collate "C" not null,
  state text collate "C" not null,
  action text collate "C" not null,
  from_minor bigint,
  to_minor bigint,
  line_ver integer not null,
  made_at timestamptz not null,
  maker text collate "C" not null,
  review_id uuid,
  notice_id uuid,
  effective_on date,
  operation_id uuid,
  status_before text collate "C",
  override_expires_on date,
  ended_because text,
  turns jsonb not null,
  ver integer not null,
  record text not null,
  primary key (bucket, id)
);

create index decision_line on decision (bucket, line_id);
create index decision_made on decision (made_at, id);
create index decision_cause on decision (cause_id, made_at, id);
create index decision_state on decision (state, made_at, id);

-- skills: what it takes to decide it; impact_minor: exposure that the decision takes away, in currency; opinions: questions
-- to others and their answers; approvals: [{by, legal, at}]; override: the changed outcome that waits for somebody else;
-- appeal: what the customer said against the decision, where the case is about that.
create table review_case (
  bucket smallint not null,
  id uuid not null,
  decision_id uuid not null,
  line_id uuid not null,
  customer_id uuid not null,
  route text collate "C" not null,
  queue text collate "C" not null,
  skills jsonb not null,
  priority text collate "C" not null,
  currency text collate "C" not null,
  impact_minor bigint not null,
  state text collate "C" not null,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  escalated_at timestamptz,
  assigned_to text collate "C",
  snooze jsonb,
  opinions jsonb not null,
  files integer not null,
  approvals jsonb not null,
  override jsonb,
  referred_by text collate "C",
  appeal jsonb,
  touched_by jsonb not null,
  resolution text collate "C",
  resolved_by text collate "C",
  resolved_at timestamptz,
  note text,
  ver integer not null,
  primary key (bucket, id)
);

create index review_case_decision on review_case (bucket, decision_id);
create index review_case_opened on review_case (opened_at, id);
create index review_case_state on review_case (state, opened_at, id);
create index review_case_resolved on review_case (resolved_at) where state = 'resolved';

-- deliveries: every attempt to reach the customer, oldest first, with what proves it.
create table notice (
  bucket smallint not null,
  id uuid not null,
  decision_id uuid not null,
  line_id uuid not null,
  customer_id uuid not null,
  state text collate "C" not null,
  channel text collate "C" not null,
  template text collate "C" not null,
  texts_version integer not null,
  reasons jsonb not null,
  subject_zh text not null,
  subject_en text not null,
  short_zh text not null,
  short_en text not null,
  body_zh text not null,
  body_en text not null,
  pack_id text collate "C" not null,
  pack_version integer not null,
  issued_at timestamptz not null,
  issued_on date not null,
  delivered_at timestamptz,
  effective_on date not null,
  deliveries jsonb not null,
  ver integer not null,
  primary key (bucket, id)
);

create index notice_decision on notice (bucket, decision_id);
create index notice_line on notice (bucket, line_id);
create index notice_issued on notice (issued_at, id);
create index notice_state on notice (state, issued_at, id);

-- The only way to wait. Timers fire by (due, priority descending, id).
create table timer (
  bucket smallint not null,
  id uuid not null,
  kind text collate "C" not null,
  subject uuid not null,
  due timestamptz not null,
  priority bigint not null,
  owner text collate "C" not null,
  state text collate "C" not null,
  primary key (bucket, id)
);

create index timer_due on timer (due, priority desc, id) where state = 'waiting';
create index timer_subject on timer (bucket, subject) where state = 'waiting';

-- state: waiting or done. Sent at least once under its id; messages of one subject leave in the order of place, which
-- is the bucket's next_seq when they were written, times 65536, plus their number there. attempts counts leases.
create table outbox (
  bucket smallint not null,
  id uuid not null,
  place bigint not null,
  kind text collate "C" not null,
  subject uuid not null,
  body jsonb not null,
  state text collate "C" not null default 'waiting',
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  lease_owner text collate "C",
  lease_until timestamptz,
  fault text,
  primary key (bucket, id)
);

create index outbox_waiting on outbox (next_attempt_at, bucket, place) where state = 'waiting';
create index outbox_subject on outbox (bucket, subject, place) where state = 'waiting';
