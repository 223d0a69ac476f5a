-- Who takes part. Owner: directory_store.h
CREATE TABLE organisation (
  host TEXT NOT NULL PRIMARY KEY,  -- as in the name: fr.customs
  since_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE issuing_certificate (
  fingerprint BLOB NOT NULL PRIMARY KEY CHECK (length(fingerprint) = 32),
  host TEXT NOT NULL REFERENCES organisation (host),
  certificate BLOB NOT NULL
) STRICT;

CREATE INDEX issuing_certificate_by_host ON issuing_certificate (host);

CREATE TABLE device (
  device_id BLOB NOT NULL PRIMARY KEY CHECK (length(device_id) = 32),
  host TEXT NOT NULL REFERENCES organisation (host),
  name TEXT NOT NULL UNIQUE,    -- the URI
  identity_chain BLOB NOT NULL,
  transport_chain BLOB NOT NULL,
  since_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX device_by_host ON device (host, device_id);

CREATE TABLE transport_fingerprint (
  fingerprint_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,  -- newest last
  fingerprint BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
  device_id BLOB NOT NULL REFERENCES device (device_id)
) STRICT;

CREATE INDEX transport_fingerprint_by_device
  ON transport_fingerprint (device_id, fingerprint_id);

CREATE TABLE crl (
  issuer BLOB NOT NULL PRIMARY KEY CHECK (length(issuer) = 32),
  number INTEGER NOT NULL CHECK (number >= 0),
  crl BLOB NOT NULL,
  issuing_certificate BLOB NOT NULL  -- empty: the root's list
) STRICT;
