-- Why: some news wants a person, whether or not a strategy decides anything: a severe trigger, linked customers who were left
-- out at the cap. An alert has one owner, a deadline and an end with a reason, so that nothing is seen by everybody and
-- done by nobody; whose it is goes up by one when the deadline passes.

-- about: the figures that it was raised with, by name. role: whose it is. finding: what whoever closed it found.
create table alert (
  bucket smallint not null,
  id uuid not null,
  line_id uuid not null,
  customer_id uuid not null,
  kind text collate "C" not null,
  severity text collate "C" not null,
  about jsonb not null,
  state text collate "C" not null,
  role text collate "C" not null,
  owner text collate "C",
  raised_at timestamptz not null,
  due_at timestamptz not null,
  escalated_at timestamptz,
  closed_at timestamptz,
  finding text collate "C",
  ver integer not null,
  primary key (bucket, id)
);

create index alert_line on alert (bucket, line_id);
create index alert_raised on alert (raised_at, id);
create index alert_state on alert (state, raised_at, id);
