-- What keys are called and, of restricted ones, what they may do; when they were used. `revoked` may lie ahead: until then
-- a key that was rolled still lets in.
alter table api_keys
  add column name      text,
  add column grants    jsonb,
  add column last_used bigint;
update api_keys set grants = '{"accounts": [], "permissions": {}}' where kind = 'restricted';
alter table api_keys add check ((kind = 'restricted') = (grants is not null));

-- By what the encryption key is known again; and the key itself, where its operator has not set one outside.
create table encryption_key (
  one   boolean primary key default true check (one),
  proof bytea   not null,
  key   bytea
);
