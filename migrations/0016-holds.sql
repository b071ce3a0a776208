-- Why: a decision can be right and its day wrong. A blackout window keeps notices and cuts away from a region or an
-- industry while something happens there; a wave is paused while its customers complain too often; an emergency profile is
-- a tightening that two people agreed to beforehand and one may start. Each keeps who did what and why.

-- regions, industries: lists of text, empty: all of them; exempt: causes of decisions that are let through.
create table blackout (
  id uuid primary key,
  event text not null,
  from_on date not null,
  to_on date not null check (to_on >= from_on),
  regions jsonb not null,
  industries jsonb not null,
  exempt jsonb not null,
  reason text not null,
  set_by text collate "C" not null,
  at timestamptz not null,
  lifted_by text collate "C",
  lifted_at timestamptz,
  lifted_because text
);

create index blackout_days on blackout (to_on) where lifted_at is null;

-- Why a halt was lifted, where somebody was asked.
alter table halt add column lifted_because text;

-- Whoever asks how often a wave was complained about reads its complaints and inquiries, not every event.
create index event_heard on event (bucket, line_id, seq)
  where kind = 'SignalRecorded' and body ->> 'type' in ('complaint', 'inquiry');

create table emergency_profile (
  id uuid primary key,
  name text not null,
  strategy_id text collate "C" not null,
  strategy_version integer not null,
  strategy_hash text collate "C" not null,
  portfolio text collate "C",
  regions jsonb not null,
  industries jsonb not null,
  daily_cap_minor bigint not null check (daily_cap_minor > 0),
  valid_until date not null,
  reason text not null,
  author text collate "C" not null,
  proposed_at timestamptz not null,
  state text collate "C" not null,
  decided_by text collate "C",
  decided_at timestamptz
);

create index emergency_profile_proposed on emergency_profile (proposed_at, id);

-- The profile that a sweep was started by: {profileId, reason, regions, industries}; null: an ordinary sweep.
alter table sweep add column emergency jsonb;
