-- What is known of each ciphertext file. Owner: blob_store.h
CREATE TABLE blob (
  blob_id BLOB NOT NULL PRIMARY KEY CHECK (length(blob_id) = 16),
  uploader BLOB NOT NULL CHECK (length(uploader) = 32),
  size INTEGER NOT NULL CHECK (size >= 0),  -- as announced
  received INTEGER NOT NULL CHECK (received BETWEEN 0 AND size),
  state INTEGER NOT NULL,       -- 1 receiving, 2 complete
  hash BLOB NOT NULL,           -- SHA-256; empty until complete
  touched_ms INTEGER NOT NULL   -- last progress of the upload
) STRICT;

CREATE INDEX blob_by_progress ON blob (state, touched_ms);

CREATE TABLE blob_hold (
  blob_id BLOB NOT NULL REFERENCES blob (blob_id) ON DELETE CASCADE,
  room_id BLOB NOT NULL CHECK (length(room_id) = 16),
  PRIMARY KEY (blob_id, room_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX blob_hold_by_room ON blob_hold (room_id);

CREATE TABLE blob_unheld (
  blob_id BLOB NOT NULL PRIMARY KEY
    REFERENCES blob (blob_id) ON DELETE CASCADE,
  since_ms INTEGER NOT NULL     -- when the last hold went
) STRICT;

CREATE INDEX blob_unheld_by_time ON blob_unheld (since_ms);

CREATE TABLE room_blob_bytes (
  room_id BLOB NOT NULL PRIMARY KEY CHECK (length(room_id) = 16),
  bytes INTEGER NOT NULL CHECK (bytes >= 0)  -- sum of the sizes it holds
) STRICT;
