-- Unsigned 64-bit numbers (counters, generations, times) are blobs of 8 bytes, big-endian: SQLite's integers are signed, and
-- blobs compare byte by byte.

CREATE TABLE store (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id BLOB NOT NULL CHECK (length(id) = 16),
    key_id BLOB NOT NULL CHECK (length(key_id) = 8)
) STRICT;

-- Which write-ahead log belongs to this file: see log.rs. Each has a page of its own.
CREATE TABLE log (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    salt INTEGER CHECK (salt BETWEEN 0 AND 4294967295),
    bytes INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT;

CREATE TABLE log_start (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    number INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    uid INTEGER CHECK (uid BETWEEN 0 AND 4294967295),
    created BLOB NOT NULL CHECK (length(created) = 8)
) STRICT;

CREATE TABLE last_device_id (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id INTEGER NOT NULL
) STRICT;

CREATE TABLE device (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    serial TEXT NOT NULL UNIQUE,
    moving_factor TEXT NOT NULL CHECK (moving_factor IN ('HOTP', 'TOTP')),
    period INTEGER CHECK (period BETWEEN 1 AND 4294967295),
    t0 BLOB CHECK (length(t0) = 8),
    algorithm TEXT NOT NULL CHECK (algorithm IN ('SHA1', 'SHA256', 'SHA512')),
    digits INTEGER NOT NULL CHECK (digits BETWEEN 6 AND 10),
    accepted BLOB CHECK (length(accepted) = 8),
    drift_seconds INTEGER NOT NULL,
    entry_delay INTEGER NOT NULL CHECK (entry_delay BETWEEN 0 AND 4294967295),
    sealed BLOB NOT NULL,
    generation BLOB NOT NULL CHECK (length(generation) = 8),
    account INTEGER REFERENCES account (id),
    associated BLOB CHECK (length(associated) = 8),
    manufacturer TEXT,
    model TEXT,
    imported BLOB NOT NULL CHECK (length(imported) = 8),
    CHECK ((moving_factor = 'TOTP') = (period IS NOT NULL)),
    CHECK ((moving_factor = 'TOTP') = (t0 IS NOT NULL)),
    CHECK ((account IS NULL) = (associated IS NULL))
) STRICT;

CREATE INDEX device_account ON device (account, associated) WHERE account IS NOT NULL;

CREATE TABLE throttle (
    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('sign-in', 'association')),
    failures INTEGER NOT NULL CHECK (failures BETWEEN 0 AND 4294967295),
    failed_at BLOB NOT NULL CHECK (length(failed_at) = 8),
    PRIMARY KEY (account, purpose)
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery (
    account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    salt BLOB NOT NULL CHECK (length(salt) = 16)
) STRICT;

CREATE TABLE recovery_code (
    account INTEGER NOT NULL REFERENCES recovery (account) ON DELETE CASCADE,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

-- The newest event is never dropped, so that no id is used twice.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    time BLOB NOT NULL CHECK (length(time) = 8),
    act TEXT NOT NULL,
    account TEXT CHECK (octet_length(account) <= 128),
    serial TEXT CHECK (octet_length(serial) <= 256),
    door TEXT NOT NULL CHECK (octet_length(door) <= 64),
    remote TEXT CHECK (octet_length(remote) <= 256),
    outcome TEXT NOT NULL,
    reason TEXT CHECK (octet_length(reason) <= 64)
) STRICT;

CREATE INDEX event_time ON event (time);

INSERT INTO log_start VALUES (1, 0);
INSERT INTO last_device_id VALUES (1, 0);
