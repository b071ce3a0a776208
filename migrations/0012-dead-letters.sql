-- Why: a signal that was refused must not be lost, or nobody would notice that a feed has changed its form. It is kept
-- once with the reason until somebody repairs and re-sends it or discards it. It is about no line that is known, so it
-- has no bucket. What a sender wrote may hold anything, personal data too: contents are encrypted under a key of their
-- own, which is destroyed when the letter is discarded.

-- state: open, sent or discarded. source, event_id, type: of the envelope, where they could be read. acts: [{at, by, did, because}], oldest first.
create table dead_letter (
  id uuid primary key,
  state text collate "C" not null,
  source text collate "C",
  event_id text collate "C",
  type text collate "C",
  refused text collate "C" not null,
  detail_zh text not null,
  detail_en text not null,
  pointer text,
  received_at timestamptz not null,
  received_from text collate "C" not null,
  acts jsonb not null,
  content bytea,
  wrapped_key bytea,
  key_id text collate "C",
  ver integer not null
);

create index dead_letter_state on dead_letter (state, received_at, id);

-- Signals about the world that lines live in: macro values, events of a region or an industry, rules. They are about no
-- line and have no bucket; like all signals they count once per source and id. content: SHA-256 of what was said.
create table environment_signal (
  source text collate "C" not null,
  id text collate "C" not null,
  type text collate "C" not null,
  subject text collate "C" not null,
  as_of date not null,
  happened_at timestamptz,
  known_at timestamptz not null,
  recorded_by text collate "C" not null,
  data jsonb not null,
  content text collate "C" not null,
  primary key (source, id)
);

create index environment_signal_type on environment_signal (type, as_of, known_at);
