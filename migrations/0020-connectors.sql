-- Why: data from outside cost money and say something about a customer, so that every ask is answered for: who asked which
-- source what for, how many requests left the house, what they cost and what came of it. What the source said is a signal
-- like any other and stands with them. Asks and breakers belong to no bucket; line_id names the line for whoever looks.

-- outcome: asking, answered, cached, stale or none. because: why the source said nothing new. took_ms: real time. An ask
-- that sends something begins as asking about a customer; nobody else asks the source about the same one until it is over or
-- claimed_until_ms, a moment of real time, has passed: then the process died, and what it had sent stays counted.
create table connector_ask (
  id uuid primary key,
  source text collate "C" not null,
  line_id uuid not null,
  purpose text collate "C" not null,
  asked_at timestamptz not null,
  asked_on date not null,
  asked_by text collate "C" not null,
  outcome text collate "C" not null,
  because text collate "C",
  calls integer not null,
  cost_minor bigint not null,
  currency text collate "C" not null,
  took_ms integer not null,
  customer_id uuid,
  claimed_until_ms bigint
);

create unique index connector_ask_under_way on connector_ask (source, customer_id) where outcome = 'asking';
create index connector_ask_customer on connector_ask (source, customer_id, asked_at) where outcome = 'answered';
create index connector_ask_time on connector_ask (asked_at, id);
create index connector_ask_source on connector_ask (source, asked_at, id);
create index connector_ask_day on connector_ask (asked_on, source);

-- breaker: closed with the last calls, or open or half-open until a moment of real time. All processes share it by ver.
create table connector_breaker (
  source text collate "C" primary key,
  breaker jsonb not null,
  ver integer not null
);
