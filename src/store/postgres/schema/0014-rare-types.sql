-- What is asked for by its type. Card payments leave so many rows and events of a few types that ten of them are soon found
-- on the way through an account's; of any other type there may be none among millions. Only those have an index, so that a
-- payment writes to no index more. A query uses it where it says the same condition: see store/postgres/rare.ts.
create index balance_transactions_of_rare_type on balance_transactions (book, account, type, seq, pos)
  where case when account = 1 then type not in (1, 8, 12) else type not in (1, 2) end;
create index account_operations_of_rare_type on account_operations (book, account, seq)
  where not events <@ '{11,16,40,45,52,77}'::smallint[];
