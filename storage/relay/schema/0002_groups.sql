-- What the relay follows of each room's MLS group. Owner: group_store.h
CREATE TABLE group_state (
  room_id BLOB NOT NULL PRIMARY KEY REFERENCES room (room_id),
  epoch INTEGER NOT NULL CHECK (epoch >= 0),
  state BLOB NOT NULL,          -- the public group without its tree
  tree BLOB NOT NULL
) STRICT;

CREATE TABLE group_info (
  info_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,  -- order of arrival
  room_id BLOB NOT NULL REFERENCES group_state (room_id),
  signer BLOB NOT NULL CHECK (length(signer) = 32),
  info BLOB NOT NULL,           -- of the epoch in group_state
  UNIQUE (room_id, signer)
) STRICT;

CREATE TABLE room_member (
  room_id BLOB NOT NULL REFERENCES group_state (room_id),
  leaf INTEGER NOT NULL CHECK (leaf >= 0),
  device_id BLOB NOT NULL CHECK (length(device_id) = 32),
  since_seq INTEGER NOT NULL,   -- the commit that added it; 0: the creator
  PRIMARY KEY (room_id, leaf)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX room_member_by_device ON room_member (device_id, room_id);
