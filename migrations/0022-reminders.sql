-- Why: borrowers are reminded of what is due before it is, once for each line, due date and number of days before it. A
-- reminder outlives its message: what was written, every attempt and why it was not sent are answered for later.

-- words: null until it is written. because: why it ended without having been sent.
create table reminder (
  bucket smallint not null,
  id uuid not null,
  line_id uuid not null,
  customer_id uuid not null,
  statement_on date not null,
  due_on date not null,
  days_before integer not null,
  minimum_due_minor bigint not null,
  currency text collate "C" not null,
  state text collate "C" not null,
  because text collate "C",
  planned_at timestamptz not null,
  sent_at timestamptz,
  words jsonb,
  deliveries jsonb not null,
  ver integer not null,
  primary key (bucket, id)
);

create index reminder_line on reminder (bucket, line_id, due_on);
-- Those of a customer count against one cap, whatever the line.
create index reminder_customer on reminder (bucket, customer_id, due_on);
create index reminder_planned on reminder (planned_at, id);
