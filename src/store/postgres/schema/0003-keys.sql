-- API keys, by their SHA-256: a key is shown once and stored nowhere.
create table api_keys (
  key_hash bytea   primary key,
  book     integer not null,
  kind     text    not null check (kind in ('secret', 'restricted', 'publishable')),
  prefix   text    not null,
  last4    text    not null,
  created  bigint  not null,
  revoked  bigint
);
create index api_keys_of_book on api_keys (book);
