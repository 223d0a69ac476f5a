-- Rooms and their logs. Owner: delivery_log.h
CREATE TABLE room (
  room_id BLOB NOT NULL PRIMARY KEY CHECK (length(room_id) = 16),
  operation_id BLOB NOT NULL CHECK (length(operation_id) = 16),
  kind INTEGER NOT NULL,        -- what the caller calls it; only counted here
  creator BLOB NOT NULL CHECK (length(creator) = 32),
  epoch INTEGER NOT NULL CHECK (epoch >= 0),
  last_seq INTEGER NOT NULL CHECK (last_seq >= 0),  -- 0: nothing yet
  chain_hash BLOB NOT NULL CHECK (length(chain_hash) = 32),  -- at last_seq
  log_bytes INTEGER NOT NULL CHECK (log_bytes >= 0)  -- sum of sealed
) STRICT;

CREATE TABLE log_entry (
  entry_id INTEGER NOT NULL PRIMARY KEY,  -- so that sealed bytes go at the end
  room_id BLOB NOT NULL REFERENCES room (room_id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  envelope_id BLOB NOT NULL CHECK (length(envelope_id) = 16),
  kind INTEGER NOT NULL,        -- 1 application, 2 proposal, 3 commit
  epoch INTEGER NOT NULL,       -- in which it was sealed
  author BLOB NOT NULL CHECK (length(author) = 32),
  chain_hash BLOB NOT NULL CHECK (length(chain_hash) = 32),
  received_ms INTEGER NOT NULL, -- by the relay's clock
  sealed BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX log_entry_by_place ON log_entry (room_id, seq);

CREATE UNIQUE INDEX log_entry_by_envelope ON log_entry (room_id, envelope_id);
