-- Keys of requests. A key lives at least 24 hours: its row says the day it was first used, by the wall clock. Four parts
-- take the days in turn, so that old keys go by emptying a whole part and never row by row; a part is emptied two days
-- after its last key expired.
create table idempotency_keys (
  slot     smallint not null,
  book     integer  not null,
  account  bigint   not null,
  key_hash uuid     not null,
  day      integer  not null,
  seq      bigint   not null,
  primary key (slot, book, account, key_hash, day)
) partition by list (slot);
create table idempotency_keys_0 partition of idempotency_keys for values in (0);
create table idempotency_keys_1 partition of idempotency_keys for values in (1);
create table idempotency_keys_2 partition of idempotency_keys for values in (2);
create table idempotency_keys_3 partition of idempotency_keys for values in (3);

-- Answers that are more than one object as its operation left it: those with expanded fields.
create table expanded_answers (
  book integer not null,
  seq  bigint  not null,
  body text    not null,
  primary key (book, seq)
);
