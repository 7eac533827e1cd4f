-- The journal and what is read from it. Every key leads with the book: nothing reads or writes across books, so books
-- can be placed on different machines.

create table books (
  book            integer primary key,
  livemode        boolean not null,
  secret          bytea   not null,
  version         bigint  not null default 0 check (version >= 0),
  hash            bytea   not null default '\x',
  last_time       bigint  not null default 0,
  settled_through integer not null default 0,
  frozen_time     bigint,
  advance_to      bigint,
  next_due        bigint
) with (fillfactor = 20);

create index books_due on books (next_due) where frozen_time is null and next_due is not null;
-- Test clocks on their way: few, and found again when a process ended under them.
create index books_advancing on books (book) where advance_to is not null;

-- Per currency the legs of an operation sum to zero (I5). A leg is a ledger account's number and an amount; the
-- currency stands in bits 3 to 17 of the number.
create function legs_balance(legs bigint[]) returns boolean
language plpgsql immutable strict parallel safe as $$
declare
  total bigint := 0;
  first_currency bigint;
begin
  if cardinality(legs) = 0 then return true; end if;
  if cardinality(legs) % 2 <> 0 then return false; end if;
  first_currency := (legs[1] / 8) % 32768;
  for i in 1 .. cardinality(legs) by 2 loop
    if (legs[i] / 8) % 32768 <> first_currency then
      return not exists (
        select 1
        from (select (legs[n] / 8) % 32768 as currency, legs[n + 1] as amount
              from generate_series(1, cardinality(legs), 2) n) leg
        group by currency having sum(amount) <> 0);
    end if;
    total := total + legs[i + 1];
  end loop;
  return total = 0;
end $$;

-- The journal: one row a command, and the truth. An object's versions stand here once each, in the operation that made
-- them; the tables below only say where to look.
create table operations (
  book        integer  not null,
  seq         bigint   not null,
  time        bigint   not null,
  command     text     not null,
  account     bigint   not null,
  batch       bigint   not null,
  request     text,
  key         text,
  path        text,
  fingerprint bytea,
  legs        bigint[] not null check (legs_balance(legs)),
  changes     text     not null,
  status      smallint not null,
  body        text,
  hash        bytea    not null,
  primary key (book, seq)
);
-- Ids of one operation share most of their letters: compressed, a charge with its transfer takes half the room. Only lz4
-- is quick enough for every row; a server built without it (the embedded one) compresses what passes two kilobytes.
do $$
begin
  alter table operations alter column changes set compression lz4;
  alter table operations set (toast_tuple_target = 256);
exception when feature_not_supported then null;
end $$;
alter table operations alter column changes set storage main;

create table objects (
  book    integer  not null,
  seq     bigint   not null,
  pos     integer  not null,
  account bigint   not null,
  kind    smallint not null,
  changed bigint   not null check (changed >= seq),
  ref1    text,
  ref2    text,
  ref3    text,
  primary key (book, seq, pos)
) with (fillfactor = 90);
create index objects_of_account on objects (book, account, kind, seq, pos);
create index objects_ref1 on objects (book, ref1, kind, seq, pos) where ref1 is not null;
create index objects_ref2 on objects (book, ref2, kind, seq, pos) where ref2 is not null;
create index objects_ref3 on objects (book, ref3, kind, seq, pos) where ref3 is not null;

-- Rows of statements. What only a reader wants (description, fee details) stays in the journal.
create table balance_transactions (
  book       integer  not null,
  account    bigint   not null,
  seq        bigint   not null,
  pos        integer  not null,
  type       smallint not null,
  currency   text     not null,
  amount     bigint   not null,
  fee        bigint   not null,
  day        integer,
  source_seq bigint,
  source_pos integer,
  primary key (book, account, seq, pos)
);
-- A row of an object born in the same operation is found by that operation; only later ones need an index.
create index balance_transactions_of_source on balance_transactions (book, source_seq, source_pos)
  where source_seq <> seq;

create table balances (
  book      integer not null,
  account   bigint  not null,
  currency  text    not null,
  available bigint  not null,
  reserved  bigint  not null check (reserved >= 0),
  primary key (book, account, currency)
) with (fillfactor = 50);

create table maturing (
  book     integer not null,
  day      integer not null,
  account  bigint  not null,
  currency text    not null,
  amount   bigint  not null check (amount <> 0),
  primary key (book, account, currency, day)
) with (fillfactor = 50);
-- With the whole key, so that a row is found by it and not by walking its day.
create index maturing_by_day on maturing (book, day, account, currency);

-- Which operations concern an account, and the types of the events it got from each.
create table account_operations (
  book    integer    not null,
  account bigint     not null,
  seq     bigint     not null,
  events  smallint[] not null,
  primary key (book, account, seq)
);

create table schedule (
  book    integer  not null,
  at      bigint   not null,
  step    smallint not null,
  job     text     not null,
  subject text     not null,
  primary key (book, at, step, job, subject)
);

-- The first operation at or after a moment, or one past the last. Time never goes back in a book, so this is a search by
-- halves over the primary key, and no table needs an index by time.
create function first_seq_at(p_book integer, p_time bigint) returns bigint
language plpgsql stable strict parallel safe as $$
declare
  low bigint := 1;
  high bigint := (select version + 1 from books where book = p_book);
  middle bigint;
begin
  while low < high loop
    middle := (low + high) / 2;
    if (select time from operations where book = p_book and seq = middle) < p_time then
      low := middle + 1;
    else
      high := middle;
    end if;
  end loop;
  return low;
end $$;
