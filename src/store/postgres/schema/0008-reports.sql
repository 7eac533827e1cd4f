-- Report runs (kind 52, whose first filter value is their status) that wait for their result, and which of them a server is
-- at work on: until a moment, in milliseconds since 1970 by the database's own clock, they are nobody else's.
create index report_runs_pending on objects (book, seq, pos) where kind = 52 and ref1 = 'pending';

create table report_claims (
  book     integer not null,
  seq      bigint  not null,
  pos      integer not null,
  until    bigint  not null,
  attempts integer not null,
  primary key (book, seq, pos)
);
