-- How devices come in. Owner: enrolment_store.h
CREATE TABLE setup (
  only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  code_verifier BLOB NOT NULL,
  used INTEGER NOT NULL CHECK (used IN (0, 1)),
  root_certificate BLOB NOT NULL  -- empty until used
) STRICT;

CREATE TABLE invitation (
  invitation_id BLOB NOT NULL PRIMARY KEY CHECK (length(invitation_id) = 16),
  public_key BLOB NOT NULL CHECK (length(public_key) = 32),
  inviter BLOB NOT NULL CHECK (length(inviter) = 32),
  kind INTEGER NOT NULL,        -- 1 organisation, 2 user, 3 device
  expires_ms INTEGER NOT NULL,
  state INTEGER NOT NULL        -- 1 open, 2 requested, 3 answered, 4 revoked
) STRICT;

CREATE INDEX invitation_by_inviter
  ON invitation (inviter, state, invitation_id);

CREATE INDEX invitation_by_expiry ON invitation (expires_ms);

CREATE TABLE join_request (
  invitation_id BLOB NOT NULL PRIMARY KEY
    REFERENCES invitation (invitation_id) ON DELETE CASCADE,
  request BLOB NOT NULL
) STRICT;

CREATE TABLE join_answer (
  invitation_id BLOB NOT NULL PRIMARY KEY
    REFERENCES invitation (invitation_id) ON DELETE CASCADE,
  answer BLOB NOT NULL
) STRICT;
