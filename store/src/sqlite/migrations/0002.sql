-- What an account's owner is told at the next sign-in. No serial number is ''. The account 0 stands for all names without a device:
-- a wrong code costs as much for them, and what is kept is not read.
CREATE TABLE notice (
    account INTEGER NOT NULL CHECK (account >= 0),
    kind TEXT NOT NULL CHECK (octet_length(kind) <= 64),
    serial TEXT NOT NULL CHECK (octet_length(serial) <= 256),
    door TEXT NOT NULL CHECK (octet_length(door) <= 64),
    time BLOB NOT NULL CHECK (length(time) = 8),
    remote TEXT CHECK (octet_length(remote) <= 256),
    several_remotes INTEGER NOT NULL CHECK (several_remotes IN (0, 1)),
    count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 4294967295),
    PRIMARY KEY (account, kind, serial, door)
) STRICT, WITHOUT ROWID;

-- What a calling user's wrong codes have cost.
CREATE TABLE caller (
    uid INTEGER PRIMARY KEY CHECK (uid BETWEEN 0 AND 4294967295),
    failures INTEGER NOT NULL CHECK (failures BETWEEN 0 AND 4294967295),
    since BLOB NOT NULL CHECK (length(since) = 8)
) STRICT;

-- Failures of names that have no device, by a keyed hash of the name, which also says where they stand: a later name takes the place of
-- an earlier one, so that names can't fill the store. One page for one failure, as in throttle.
CREATE TABLE decoy (
    slot INTEGER PRIMARY KEY CHECK (slot BETWEEN 0 AND 9999),
    name BLOB NOT NULL CHECK (length(name) = 8),
    purpose TEXT NOT NULL CHECK (purpose IN ('sign-in', 'association')),
    failures INTEGER NOT NULL CHECK (failures BETWEEN 0 AND 4294967295),
    failed_at BLOB NOT NULL CHECK (length(failed_at) = 8)
) STRICT;
