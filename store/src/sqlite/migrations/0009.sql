-- When its maker says that the device expires. It is shown; the device goes on.
ALTER TABLE device ADD COLUMN expires BLOB CHECK (length(expires) = 8);
