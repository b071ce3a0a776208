-- Why: reviewers lay files beside a case. Name and contents may hold personal data and are sealed under the key of the
-- customer whom the case is about; what is left when that key is destroyed is type, size and hash.

create table review_attachment (
  bucket smallint not null,
  id uuid not null,
  review_id uuid not null,
  customer_id uuid not null,
  type text collate "C" not null,
  size_bytes integer not null,
  sha256 text collate "C" not null,
  added_by text collate "C" not null,
  added_at timestamptz not null,
  name bytea not null,
  contents bytea not null,
  primary key (bucket, id)
);

create index review_attachment_review on review_attachment (bucket, review_id, added_at, id);
