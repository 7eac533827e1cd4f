-- SHA-256 of what a message says, to whom, and of which event: nothing else tells of messages. What became of it changes.
alter table messages add column seal bytea;
create function message_seal(book integer, seq bigint, pos integer, type smallint, account bigint, recipient text,
                             subject text, body text, created bigint)
returns bytea language sql immutable as $$
  select sha256(convert_to(concat_ws(' ', book, seq, pos, type, account, quote_nullable(recipient), quote_literal(subject),
                                     quote_literal(body), created), 'UTF8'))
$$;
update messages set seal = message_seal(book, seq, pos, type, account, recipient, subject, body, created);
alter table messages alter column seal set not null;
