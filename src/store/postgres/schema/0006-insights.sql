-- Accounts that somebody has to stand for: below zero, or with a bank debit that may still come back. `exposure` is the first
-- filter value of an account (kind 1). They are few among many, and this finds them without looking at the others.
--
-- Why no index on `balances` where available < 0: the columns of an index's condition count as indexed, so every update of
-- every balance would have to write to each of the table's indexes.
create index accounts_exposed on objects (book, seq) where kind = 1 and ref1 = 'open';
