-- How a signed change ended, to tell it again to whoever has lost the answer; null where it is told once.
ALTER TABLE signed_change ADD COLUMN outcome BLOB;
