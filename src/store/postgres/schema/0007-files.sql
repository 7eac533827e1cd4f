-- What is in files, in parts. Which file has which contents, with their length and SHA-256, the journal says.
create table file_contents (
  book    integer not null,
  content text    not null,
  part    integer not null,
  bytes   bytea   not null,
  primary key (book, content, part)
);
