-- What of a row of the journal may be put beside it. A row that is too long has its longest values moved into a table of
-- their own, and the changes, which alone make it long, come last in that: so the legs and the hash of every charge were
-- stored there, two more rows and two more index entries each. Now only a row that fills a page has anything moved, and what
-- is compressed is the changes.
alter table operations
  alter column command set storage main,
  alter column request set storage main,
  alter column key set storage main,
  alter column path set storage main,
  alter column legs set storage main,
  alter column body set storage main,
  alter column fingerprint set storage plain,
  alter column hash set storage plain;
