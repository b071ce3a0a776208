-- Why: something told of a country, a region or an industry may concern every line there. Those lines are not looked at in
-- the transaction of the signal but a few buckets at a time afterwards, so that a feed is never held up and an interrupted
-- look goes on where it stopped. This row says how far it came and what it led to; decisions name it as their cause.

-- place: country/cn, region/GD, industry/retail. state: waiting, spreading or done. changed: facts that triggers read and
-- that it changed. Buckets before next_bucket are done.
create table environment_news (
  id uuid primary key,
  place text collate "C" not null,
  known_at timestamptz not null,
  state text collate "C" not null,
  changed jsonb not null,
  next_bucket smallint not null,
  lines integer not null,
  held integer not null,
  decided integer not null,
  ended_at timestamptz
);

-- What is told of a place while news of it waits belongs to that news.
create unique index environment_news_waiting on environment_news (place) where state = 'waiting';
create index environment_news_time on environment_news (known_at, id);
