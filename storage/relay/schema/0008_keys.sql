-- The relay's own private keys. Owner: key_store.h
CREATE TABLE relay_key (
  name TEXT NOT NULL PRIMARY KEY,
  secret BLOB NOT NULL
) STRICT;
