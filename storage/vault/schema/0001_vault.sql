-- What one device keeps. Ids are blobs of a fixed length, times milliseconds
-- since 1970 UTC, flags 0 or 1. One store owns a table; the stores' headers
-- say what the rows mean.

-- ---- identity_store.h -------------------------------------------------------

CREATE TABLE device (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  name TEXT NOT NULL,            -- cordon://organisation/user/device
  identity_seed BLOB NOT NULL CHECK (length(identity_seed) = 32),
  transport_seed BLOB NOT NULL CHECK (length(transport_seed) = 32),
  inbox_key BLOB NOT NULL CHECK (length(inbox_key) = 32),
  issuing_seed BLOB NOT NULL     -- empty: this device issues no certificates
) STRICT;

CREATE TABLE own_certificate (
  chain INTEGER NOT NULL,        -- 1 identity, 2 transport, 3 issuing
  place INTEGER NOT NULL,        -- 0 the leaf, then its issuers
  der BLOB NOT NULL,
  PRIMARY KEY (chain, place)
) STRICT;

CREATE TABLE relay (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  address TEXT NOT NULL,
  pin BLOB NOT NULL CHECK (length(pin) = 32),
  next_pin BLOB NOT NULL,        -- empty: none was announced
  root_certificate BLOB NOT NULL
) STRICT;

CREATE TABLE enrolment (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  invitation BLOB NOT NULL,      -- holds its secret
  keys BLOB NOT NULL,            -- the private keys made for this request
  request BLOB NOT NULL,
  made_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- group_store.h ----------------------------------------------------------

CREATE TABLE group_part (
  room_id BLOB NOT NULL,
  key BLOB NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (room_id, key)
) STRICT;

CREATE TABLE pending_commit (
  room_id BLOB PRIMARY KEY,      -- at most one a room
  envelope_id BLOB NOT NULL,
  base_epoch INTEGER NOT NULL,
  commit_message BLOB NOT NULL,
  group_info BLOB NOT NULL,
  welcome BLOB NOT NULL,
  purpose BLOB NOT NULL,         -- what it was made for; the client's own form
  made_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE pending_part (
  room_id BLOB NOT NULL REFERENCES pending_commit (room_id) ON DELETE CASCADE,
  key BLOB NOT NULL,
  erased INTEGER NOT NULL,       -- 1: adopting erases the key
  value BLOB NOT NULL,           -- empty where erased
  PRIMARY KEY (room_id, key)
) STRICT;

CREATE TABLE key_package (
  ref BLOB PRIMARY KEY,
  secrets BLOB NOT NULL,
  expires_ms INTEGER NOT NULL,
  last_resort INTEGER NOT NULL
) STRICT;

-- ---- seal_log.h -------------------------------------------------------------

-- Sealing and opening share the table: a key has one ciphertext, whoever used
-- it.
CREATE TABLE message_key (
  room_id BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  leaf INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  envelope_id BLOB NOT NULL,
  own INTEGER NOT NULL,          -- 1: this device sealed it
  PRIMARY KEY (room_id, epoch, leaf, generation)
) STRICT, WITHOUT ROWID;

-- ---- room_store.h -----------------------------------------------------------

CREATE TABLE operation (
  operation_id BLOB PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,     -- what people type
  title TEXT NOT NULL,
  profile BLOB NOT NULL
) STRICT;

CREATE TABLE room (
  room_id BLOB PRIMARY KEY,
  operation_id BLOB NOT NULL REFERENCES operation (operation_id),
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,            -- what people type after the operation's
  title TEXT NOT NULL,
  policy BLOB NOT NULL,
  state INTEGER NOT NULL,        -- RoomState
  state_reason TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  cursor_seq INTEGER NOT NULL,
  cursor_hash BLOB NOT NULL CHECK (length(cursor_hash) = 32),
  read_seq INTEGER NOT NULL,     -- the last a person has looked at
  own_counter INTEGER NOT NULL   -- of the last record signed here
) STRICT;

CREATE INDEX room_by_operation ON room (operation_id, name);

-- ---- record_store.h ---------------------------------------------------------

CREATE TABLE log_place (
  room_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  kind INTEGER NOT NULL,         -- PlaceKind
  author BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  envelope_id BLOB NOT NULL,
  received_ms INTEGER NOT NULL,  -- the relay's clock
  PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
  room_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  record_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  sent_ms INTEGER NOT NULL,      -- what the author says
  flags INTEGER NOT NULL,
  ref_no TEXT NOT NULL,
  signed_bytes BLOB NOT NULL,    -- verbatim
  PRIMARY KEY (room_id, seq),
  UNIQUE (room_id, record_id),
  FOREIGN KEY (room_id, seq) REFERENCES log_place (room_id, seq)
) STRICT;

CREATE INDEX record_by_id ON record (record_id);
CREATE INDEX record_by_ref_no ON record (ref_no) WHERE ref_no <> '';

CREATE TABLE record_reference (
  room_id BLOB NOT NULL,
  seq INTEGER NOT NULL,          -- the record that refers
  target BLOB NOT NULL,          -- the record id it refers to
  kind INTEGER NOT NULL,
  PRIMARY KEY (target, room_id, seq, kind),
  FOREIGN KEY (room_id, seq) REFERENCES record (room_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX record_reference_by_record ON record_reference (room_id, seq);

CREATE TABLE quarantine (
  room_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (room_id, seq),
  FOREIGN KEY (room_id, seq) REFERENCES log_place (room_id, seq)
) STRICT;

-- ---- outbox.h ---------------------------------------------------------------

CREATE TABLE outbox (
  number INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of sending
  room_id BLOB NOT NULL,
  record_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  signed_bytes BLOB NOT NULL,
  made_ms INTEGER NOT NULL,
  state INTEGER NOT NULL,        -- OutboxState
  reason TEXT NOT NULL,          -- why refused
  attempts INTEGER NOT NULL,
  next_try_ms INTEGER NOT NULL,
  UNIQUE (room_id, record_id)
) STRICT;

CREATE INDEX outbox_by_room ON outbox (room_id, number);

CREATE TABLE outbox_envelope (
  number INTEGER PRIMARY KEY REFERENCES outbox (number) ON DELETE CASCADE,
  envelope_id BLOB NOT NULL UNIQUE,
  epoch INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;

-- ---- crl_store.h, peer_store.h ----------------------------------------------

CREATE TABLE crl (
  issuer BLOB PRIMARY KEY,       -- fingerprint of the issuing certificate
  number INTEGER NOT NULL,
  list BLOB NOT NULL,
  issuing_certificate BLOB NOT NULL,
  first_seen_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE peer (
  room_id BLOB NOT NULL,
  author BLOB NOT NULL,
  counter INTEGER NOT NULL,      -- of its last record seen here
  state BLOB NOT NULL,
  PRIMARY KEY (room_id, author)
) STRICT, WITHOUT ROWID;

-- ---- directory_store.h, invitation_store.h ----------------------------------

CREATE TABLE known_device (
  device_id BLOB PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  chain BLOB NOT NULL,
  seen_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE participant (
  operation_id BLOB NOT NULL,
  organisation TEXT NOT NULL,
  profile BLOB NOT NULL,
  PRIMARY KEY (operation_id, organisation)
) STRICT, WITHOUT ROWID;

CREATE TABLE verified_certificate (
  fingerprint BLOB PRIMARY KEY,
  crl_number INTEGER NOT NULL,   -- of its issuer's list it was checked against
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
  invitation_id BLOB PRIMARY KEY,
  secret BLOB NOT NULL,          -- empty once closed
  offer BLOB NOT NULL,
  state INTEGER NOT NULL,        -- InvitationState
  request BLOB NOT NULL,         -- empty until there is one
  made_ms INTEGER NOT NULL
) STRICT;

-- ---- blob_store.h -----------------------------------------------------------

CREATE TABLE blob (
  blob_id BLOB PRIMARY KEY,
  size_bytes INTEGER NOT NULL,   -- of the ciphertext
  state INTEGER NOT NULL,        -- BlobState
  offset_bytes INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_try_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX blob_by_state ON blob (state, next_try_ms);

CREATE TABLE blob_reference (
  room_id BLOB NOT NULL,
  record_id BLOB NOT NULL,
  blob_id BLOB NOT NULL REFERENCES blob (blob_id),
  name TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,   -- of the file
  key_ref BLOB NOT NULL,         -- key and digest
  PRIMARY KEY (room_id, record_id, blob_id)
) STRICT;

CREATE INDEX blob_reference_by_blob ON blob_reference (blob_id);

-- ---- search_index.h ---------------------------------------------------------

CREATE TABLE search_text (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  room_id BLOB NOT NULL,
  record_id BLOB NOT NULL,
  part INTEGER NOT NULL,         -- 0 the record, then its files
  kind INTEGER NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (room_id, record_id, part)
) STRICT;

-- Reads its words from search_text, so each text is stored once.
CREATE VIRTUAL TABLE search_word USING fts5 (
  title, body, content = 'search_text', content_rowid = 'number',
  tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
