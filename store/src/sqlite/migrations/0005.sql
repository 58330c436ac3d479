-- When a code or a pair of the device was last accepted.
ALTER TABLE device ADD COLUMN last_used BLOB CHECK (length(last_used) = 8);

-- How a TOTP device's clock has moved: a few rows each, the oldest are dropped.
CREATE TABLE device_drift (
    device INTEGER NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    time BLOB NOT NULL CHECK (length(time) = 8),
    seconds INTEGER NOT NULL,
    PRIMARY KEY (device, time)
) STRICT, WITHOUT ROWID;
