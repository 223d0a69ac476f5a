-- What waits for one device alone. Owner: inbox_store.h
CREATE TABLE shared_payload (
  shared_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  payload BLOB NOT NULL         -- stored once for many items
) STRICT;

CREATE TABLE inbox_item (
  item_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  device_id BLOB NOT NULL CHECK (length(device_id) = 32),
  kind INTEGER NOT NULL,        -- what the caller calls it
  payload BLOB NOT NULL
) STRICT;

CREATE INDEX inbox_item_by_device ON inbox_item (device_id, item_id);

CREATE TABLE inbox_shared (
  item_id INTEGER NOT NULL PRIMARY KEY
    REFERENCES inbox_item (item_id) ON DELETE CASCADE,
  shared_id INTEGER NOT NULL REFERENCES shared_payload (shared_id)
) STRICT;

CREATE INDEX inbox_shared_by_payload ON inbox_shared (shared_id);
