-- Webhooks. Events stand in the journal; here is how far a book's journal has been handed to its endpoints, and what became
-- of each hand-over. Moments are milliseconds since 1970 by the database's own clock, so that several servers agree.

-- The books with somebody to tell: endpoints are objects of kind 30, whose first filter value is their status. A book
-- without one has no entry and costs nothing.
create index webhook_endpoints_enabled on objects (book, seq, pos) where kind = 30 and ref1 = 'enabled';

-- Events of operations up to `seq` have their deliveries.
create table webhook_cursors (
  book integer primary key,
  seq  bigint not null
) with (fillfactor = 50);

-- A server that sends. Should it not say in time that it lives, others take its queues over.
create table webhook_workers (
  id          bigint primary key,
  alive_until bigint not null
);

-- What waits for an endpoint, as one queue that one server at a time works off: `owner` is its worker. `revision` counts
-- additions, so that a queue is let go only by who has seen the last of them.
create table webhook_queues (
  book         integer not null,
  endpoint_seq bigint  not null,
  endpoint_pos integer not null,
  next_at      bigint,
  revision     bigint  not null default 0,
  owner        bigint,
  primary key (book, endpoint_seq, endpoint_pos)
) with (fillfactor = 50);
create index webhook_queues_due on webhook_queues (next_at) where next_at is not null;

-- One event for one endpoint. `endpoints` is how many got it when it happened, which its body tells for ever.
create table deliveries (
  book         integer  not null,
  seq          bigint   not null,
  pos          integer  not null,
  endpoint_seq bigint   not null,
  endpoint_pos integer  not null,
  account      bigint   not null,
  type         smallint not null,
  endpoints    integer  not null,
  by_hand      boolean  not null,
  created      bigint   not null,
  status       smallint not null default 0 check (status in (0, 1, 2, 3)),
  tries        integer  not null default 0,
  attempts     jsonb    not null default '[]',
  next_at      bigint,
  finished     bigint,
  primary key (book, seq, pos, endpoint_seq, endpoint_pos),
  check ((status = 0) = (next_at is not null)),
  check ((status = 0) = (finished is null))
) with (fillfactor = 50);
create index deliveries_waiting on deliveries (book, endpoint_seq, endpoint_pos, next_at, seq, pos) where status = 0;
create index deliveries_finished on deliveries (finished) where finished is not null;
