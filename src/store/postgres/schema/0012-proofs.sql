-- What an audit needs to see what the journal alone does not tell.

-- The wall clock's day of an operation's idempotency key. The same day stands in the key's row, so whether that row must be
-- there follows from the journal. Null where there is no key, and in operations older than this column.
alter table operations add column key_day integer;

-- SHA-256 of which answer it is, and of its body. Null in rows older than this column.
alter table expanded_answers add column hash bytea;
create function answer_hash(book integer, seq bigint, body text) returns bytea language sql immutable as $$
  select sha256(convert_to(concat_ws(' ', book, seq, body), 'UTF8'))
$$;

-- SHA-256 of what the rest of the row says: nothing else tells of keys.
alter table api_keys add column seal bytea;
create function key_seal(key_hash bytea, book integer, kind text, prefix text, last4 text, created bigint, revoked bigint,
                         name text, grants jsonb)
returns bytea language sql immutable as $$
  select sha256(convert_to(concat_ws(' ', encode(key_hash, 'hex'), book, kind, prefix, last4, created,
                                     quote_nullable(revoked), quote_nullable(name), quote_nullable(grants)), 'UTF8'))
$$;
update api_keys set seal = key_seal(key_hash, book, kind, prefix, last4, created, revoked, name, grants);
alter table api_keys alter column seal set not null;

-- As in 0004, but for the day of keys.
create or replace function write_batch(
  p_book integer, p_from bigint, p_from_hash bytea, p_to bigint, p_batch bigint,
  p_hash bytea, p_last_time bigint, p_settled_through integer, p_frozen_time bigint, p_advance_to bigint, p_next_due bigint,
  -- operations
  o_seq bigint[], o_time bigint[], o_command text, o_account bigint[], o_request text, o_key text, o_path text,
  o_fingerprint text, o_legs text, o_changes text, o_status smallint[], o_body text, o_hash text,
  -- idempotency keys
  k_slot smallint, k_day integer, k_account bigint[], k_hash uuid[], k_seq bigint[],
  -- new objects, changed objects
  n_seq bigint[], n_pos integer[], n_account bigint[], n_kind smallint[], n_refs text,
  c_seq bigint[], c_pos integer[], c_changed bigint[], c_refs text,
  -- balance transactions
  t_account bigint[], t_seq bigint[], t_pos integer[], t_type smallint[], t_currency text[], t_amount bigint[],
  t_fee bigint[], t_day integer[], t_source_seq bigint[], t_source_pos integer[],
  -- balances, and what waits: 0 when nothing waits any more
  b_account bigint[], b_currency text[], b_available bigint[], b_reserved bigint[],
  m_account bigint[], m_currency text[], m_day integer[], m_amount bigint[],
  -- which operation concerns which account
  a_account bigint[], a_seq bigint[], a_events text,
  -- scheduled work
  s_at bigint[], s_step smallint[], s_job text[], s_subject text[],
  u_at bigint[], u_step smallint[], u_job text[], u_subject text[]
) returns void
language plpgsql as $$
declare
  one record;
begin
  update books
  set version = p_to, hash = p_hash, last_time = p_last_time, settled_through = p_settled_through,
      frozen_time = p_frozen_time, advance_to = p_advance_to, next_due = p_next_due
  where book = p_book and version = p_from and hash = p_from_hash;
  if not found then
    raise exception 'the book moved on' using errcode = '40001';
  end if;

  insert into operations
  select p_book, o.seq, o.time, o.command, o.account, p_batch, nullif(o.request, ''), nullif(o.key, ''),
         nullif(o.path, ''), decode(nullif(o.fingerprint, ''), 'hex'), o.legs::bigint[], o.changes, o.status,
         nullif(o.body, ''), decode(o.hash, 'hex'), case when o.key <> '' then k_day end
  from unnest(o_seq, o_time, string_to_array(o_command, E'\x1f'), o_account, string_to_array(o_request, E'\x1f'),
              string_to_array(o_key, E'\x1f'), string_to_array(o_path, E'\x1f'), string_to_array(o_fingerprint, E'\x1f'),
              string_to_array(o_legs, E'\x1f'), string_to_array(o_changes, E'\x1f'), o_status,
              string_to_array(o_body, E'\x1f'), string_to_array(o_hash, E'\x1f'))
    as o(seq, time, command, account, request, key, path, fingerprint, legs, changes, status, body, hash);

  if cardinality(k_seq) > 0 then
    insert into idempotency_keys (slot, book, account, key_hash, day, seq)
    select k_slot, p_book, k.account, k.hash, k_day, k.seq from unnest(k_account, k_hash, k_seq) as k(account, hash, seq);
  end if;

  if cardinality(n_seq) > 0 then
    insert into objects (book, seq, pos, account, kind, changed, ref1, ref2, ref3)
    select p_book, n.seq, n.pos, n.account, n.kind, n.seq, nullif(split_part(n.refs, E'\t', 1), ''),
           nullif(split_part(n.refs, E'\t', 2), ''), nullif(split_part(n.refs, E'\t', 3), '')
    from unnest(n_seq, n_pos, n_account, n_kind, string_to_array(n_refs, E'\x1f')) as n(seq, pos, account, kind, refs);
  end if;

  -- Row by row where rows are found by key: a join's plan, made while the table was small, would scan it for ever.
  for one in select * from unnest(c_seq, c_pos, c_changed, string_to_array(c_refs, E'\x1f')) as c(seq, pos, changed, refs) loop
    update objects
    set changed = one.changed, ref1 = nullif(split_part(one.refs, E'\t', 1), ''),
        ref2 = nullif(split_part(one.refs, E'\t', 2), ''), ref3 = nullif(split_part(one.refs, E'\t', 3), '')
    where book = p_book and seq = one.seq and pos = one.pos;
    if not found then
      raise exception 'object %.% is not there', one.seq, one.pos using errcode = 'P0002';
    end if;
  end loop;

  if cardinality(t_seq) > 0 then
    insert into balance_transactions
    select p_book, t.* from unnest(t_account, t_seq, t_pos, t_type, t_currency, t_amount, t_fee, t_day, t_source_seq,
                                   t_source_pos) as t;
  end if;

  if cardinality(b_account) > 0 then
    insert into balances
    select p_book, b.* from unnest(b_account, b_currency, b_available, b_reserved) as b
    on conflict (book, account, currency) do update
    set available = excluded.available, reserved = excluded.reserved;
  end if;

  if cardinality(m_account) > 0 then
    insert into maturing (book, account, currency, day, amount)
    select p_book, m.account, m.currency, m.day, m.amount
    from unnest(m_account, m_currency, m_day, m_amount) as m(account, currency, day, amount)
    where m.amount <> 0
    on conflict (book, account, currency, day) do update set amount = excluded.amount;
    for one in select * from unnest(m_account, m_currency, m_day, m_amount) as m(account, currency, day, amount)
               where m.amount = 0 loop
      delete from maturing where book = p_book and account = one.account and currency = one.currency and day = one.day;
    end loop;
  end if;

  if cardinality(a_seq) > 0 then
    insert into account_operations
    select p_book, a.account, a.seq, a.events::smallint[]
    from unnest(a_account, a_seq, string_to_array(a_events, E'\x1f')) as a(account, seq, events);
  end if;

  if cardinality(s_at) > 0 then
    insert into schedule
    select p_book, s.* from unnest(s_at, s_step, s_job, s_subject) as s
    on conflict do nothing;
  end if;

  for one in select * from unnest(u_at, u_step, u_job, u_subject) as u(at, step, job, subject) loop
    delete from schedule
    where book = p_book and at = one.at and step = one.step and job = one.job and subject = one.subject;
  end loop;
end $$;
