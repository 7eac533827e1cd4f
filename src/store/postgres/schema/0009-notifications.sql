-- What owners of accounts are told by e-mail. The books that want it have an object of kind 53 whose first filter value is
-- `enabled`; a book without one has no entry here and costs nothing. Moments are milliseconds since 1970 by the database's
-- own clock.
create index notifications_enabled on objects (book, seq, pos) where kind = 53 and ref1 = 'enabled';

-- Events of operations up to `seq` have their messages.
create table notification_cursors (
  book integer primary key,
  seq  bigint not null
) with (fillfactor = 50);

-- At most one message an event. 0 waits, 1 sent, 2 failed, 3 kept, 4 without an address.
create table messages (
  book      integer  not null,
  seq       bigint   not null,
  pos       integer  not null,
  type      smallint not null,
  account   bigint   not null,
  recipient text,
  subject   text     not null,
  body      text     not null,
  status    smallint not null check (status between 0 and 4),
  tries     integer  not null default 0,
  error     text,
  next_at   bigint,
  created   bigint   not null,
  sent      bigint,
  primary key (book, seq, pos),
  check ((status = 0) = (next_at is not null)),
  check (status <> 0 or recipient is not null)
) with (fillfactor = 70);
create index messages_waiting on messages (next_at) where status = 0;
