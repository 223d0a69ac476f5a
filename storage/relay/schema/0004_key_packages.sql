-- Key packages, each handed out once. Owner: key_package_store.h
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
