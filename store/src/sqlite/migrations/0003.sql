-- Signs the requests of the enrollment service's callers. Its secret is derived from the master key. One with a token's SHA-256 belongs
-- to a session that began with a code, and ends.
CREATE TABLE access_key (
    id TEXT PRIMARY KEY CHECK (octet_length(id) = 20),
    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created BLOB NOT NULL CHECK (length(created) = 8),
    token BLOB CHECK (length(token) = 32),
    expires BLOB CHECK (length(expires) = 8),
    CHECK ((token IS NULL) = (expires IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX access_key_account ON access_key (account);
CREATE INDEX access_key_expires ON access_key (expires) WHERE expires IS NOT NULL;

-- A software device was made here, not imported, by the account `creator`.
ALTER TABLE device ADD COLUMN is_software INTEGER NOT NULL DEFAULT 0 CHECK (is_software IN (0, 1));
ALTER TABLE device ADD COLUMN creator INTEGER REFERENCES account (id) ON DELETE SET NULL;

CREATE INDEX device_creator ON device (creator) WHERE creator IS NOT NULL;

CREATE TABLE device_tag (
    device INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (device, key)
) STRICT, WITHOUT ROWID;
