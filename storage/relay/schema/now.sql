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

CREATE TABLE crl (
  issuer BLOB NOT NULL PRIMARY KEY CHECK (length(issuer) = 32),
  number INTEGER NOT NULL CHECK (number >= 0),
  crl BLOB NOT NULL,
  issuing_certificate BLOB NOT NULL  -- empty: the root's list
) STRICT;

CREATE TABLE device (
  device_id BLOB NOT NULL PRIMARY KEY CHECK (length(device_id) = 32),
  host TEXT NOT NULL REFERENCES organisation (host),
  name TEXT NOT NULL UNIQUE,    -- the URI
  identity_chain BLOB NOT NULL,
  transport_chain BLOB NOT NULL,
  since_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX device_by_host ON device (host, device_id);

CREATE TABLE group_info (
  info_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,  -- order of arrival
  room_id BLOB NOT NULL REFERENCES group_state (room_id),
  signer BLOB NOT NULL CHECK (length(signer) = 32),
  info BLOB NOT NULL,           -- of the epoch in group_state
  UNIQUE (room_id, signer)
) STRICT;

CREATE TABLE group_state (
  room_id BLOB NOT NULL PRIMARY KEY REFERENCES room (room_id),
  epoch INTEGER NOT NULL CHECK (epoch >= 0),
  state BLOB NOT NULL,          -- the public group without its tree
  tree BLOB NOT NULL
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

CREATE TABLE invitation (
  invitation_id BLOB NOT NULL PRIMARY KEY CHECK (length(invitation_id) = 16),
  public_key BLOB NOT NULL CHECK (length(public_key) = 32),
  inviter BLOB NOT NULL CHECK (length(inviter) = 32),
  kind INTEGER NOT NULL,        -- 1 organisation, 2 user, 3 device
  expires_ms INTEGER NOT NULL,
  state INTEGER NOT NULL        -- 1 open, 2 requested, 3 answered, 4 revoked
) STRICT;

CREATE INDEX invitation_by_expiry ON invitation (expires_ms);

CREATE INDEX invitation_by_inviter
  ON invitation (inviter, state, invitation_id);

CREATE TABLE issuing_certificate (
  fingerprint BLOB NOT NULL PRIMARY KEY CHECK (length(fingerprint) = 32),
  host TEXT NOT NULL REFERENCES organisation (host),
  certificate BLOB NOT NULL
) STRICT;

CREATE INDEX issuing_certificate_by_host ON issuing_certificate (host);

CREATE TABLE join_answer (
  invitation_id BLOB NOT NULL PRIMARY KEY
    REFERENCES invitation (invitation_id) ON DELETE CASCADE,
  answer BLOB NOT NULL
) STRICT;

CREATE TABLE join_request (
  invitation_id BLOB NOT NULL PRIMARY KEY
    REFERENCES invitation (invitation_id) ON DELETE CASCADE,
  request BLOB NOT NULL
) STRICT;

CREATE TABLE key_package (
  package_id INTEGER NOT NULL PRIMARY KEY,  -- order of arrival
  ref BLOB NOT NULL UNIQUE CHECK (length(ref) = 32),
  device_id BLOB NOT NULL CHECK (length(device_id) = 32),
  expires_ms INTEGER NOT NULL,
  last_resort INTEGER NOT NULL CHECK (last_resort IN (0, 1)),
  claimed INTEGER NOT NULL CHECK (claimed IN (0, 1)),
  package BLOB NOT NULL         -- empty once claimed
) STRICT;

CREATE INDEX key_package_by_device
  ON key_package (device_id, claimed, last_resort, package_id);

CREATE INDEX key_package_by_expiry ON key_package (expires_ms);

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

CREATE UNIQUE INDEX log_entry_by_envelope ON log_entry (room_id, envelope_id);

CREATE UNIQUE INDEX log_entry_by_place ON log_entry (room_id, seq);

CREATE TABLE organisation (
  host TEXT NOT NULL PRIMARY KEY,  -- as in the name: fr.customs
  since_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE relay_key (
  name TEXT NOT NULL PRIMARY KEY,
  secret BLOB NOT NULL
) STRICT;

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

CREATE TABLE room_blob_bytes (
  room_id BLOB NOT NULL PRIMARY KEY CHECK (length(room_id) = 16),
  bytes INTEGER NOT NULL CHECK (bytes >= 0)  -- sum of the sizes it holds
) STRICT;

CREATE TABLE room_member (
  room_id BLOB NOT NULL REFERENCES group_state (room_id),
  leaf INTEGER NOT NULL CHECK (leaf >= 0),
  device_id BLOB NOT NULL CHECK (length(device_id) = 32),
  since_seq INTEGER NOT NULL,   -- the commit that added it; 0: the creator
  PRIMARY KEY (room_id, leaf)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX room_member_by_device ON room_member (device_id, room_id);

CREATE TABLE setup (
  only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  code_verifier BLOB NOT NULL,
  used INTEGER NOT NULL CHECK (used IN (0, 1)),
  root_certificate BLOB NOT NULL  -- empty until used
) STRICT;

CREATE TABLE shared_payload (
  shared_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  payload BLOB NOT NULL         -- stored once for many items
) STRICT;

CREATE TABLE transport_fingerprint (
  fingerprint_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,  -- newest last
  fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
  device_id BLOB NOT NULL REFERENCES device (device_id)
) STRICT;

CREATE INDEX transport_fingerprint_by_device
  ON transport_fingerprint (device_id, fingerprint_id);

