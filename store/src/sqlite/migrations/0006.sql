-- Changes that were done for whoever signed them, until their signatures no longer count: none is done twice. Only SHA-256 is kept.
CREATE TABLE signed_change (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    expires BLOB NOT NULL CHECK (length(expires) = 8)
) STRICT, WITHOUT ROWID;

CREATE INDEX signed_change_expires ON signed_change (expires);
