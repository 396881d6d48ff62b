-- What vouches for the audit log's lines: see src/audit/chain.rs. The key is not here. A line is sealed soon after it is
-- written, in the order of the ids.
CREATE TABLE audit_seals (
    id   INTEGER PRIMARY KEY NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
