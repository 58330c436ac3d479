-- From when on a recovery code signs in no more; NULL: it has no end.
ALTER TABLE recovery_code ADD COLUMN expires BLOB CHECK (length(expires) = 8);
