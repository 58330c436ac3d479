-- From when on a recovery code signs in no more; NULL: it has no end.
ALTER TABLE recovery_code ADD COLUMN expires BLOB CHECK (length(expires) = 8);

-- Serial numbers as they are compared where a person typed one.
CREATE INDEX device_typed_serial ON device (replace(lower(serial), '-', ''));
