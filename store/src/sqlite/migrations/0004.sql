-- Who has signed in to the enrollment service's pages. `stage`: 0 the password was right and a code is to follow, 1 signed in without a
-- code, 2 signed in with one. Of the token only its SHA-256 is kept.
CREATE TABLE browser_session (
    id TEXT PRIMARY KEY CHECK (octet_length(id) = 26),
    token BLOB NOT NULL UNIQUE CHECK (length(token) = 32),
    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    stage INTEGER NOT NULL CHECK (stage IN (0, 1, 2)),
    created BLOB NOT NULL CHECK (length(created) = 8),
    last_used BLOB NOT NULL CHECK (length(last_used) = 8),
    expires BLOB NOT NULL CHECK (length(expires) = 8),
    remote TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX browser_session_account ON browser_session (account);
CREATE INDEX browser_session_expires ON browser_session (expires);
