-- Why: what customers are told is approved word for word, so every version of the words is kept as the bytes that its
-- hash is over, with who wrote and who approved them. A notice names the version that it was written with.

-- state: draft or approved. texts: canonical JSON; hash: SHA-256 of exactly these bytes. Version 0, the texts that ship,
-- is not stored.
create table notice_texts (
  version integer primary key check (version > 0),
  hash text collate "C" not null unique,
  state text collate "C" not null,
  author text collate "C" not null,
  added_at timestamptz not null,
  approved_by text collate "C",
  approved_at timestamptz,
  texts text not null
);
