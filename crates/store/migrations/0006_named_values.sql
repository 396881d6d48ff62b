-- Values that a file of webhooks refers to by name: which there are, and which version. The values are in the keychain. A
-- row stays when its value is deleted, so that a version never comes twice.
CREATE TABLE named_values (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 0),
    kept       TEXT NOT NULL CHECK (kept IN ('yes', 'unsure', 'no')),
    in_header  INTEGER NOT NULL CHECK (in_header IN (0, 1)),
    set_at     TEXT NOT NULL,
    PRIMARY KEY (account_id, name)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER named_values_changed AFTER INSERT ON named_values BEGIN INSERT INTO changed VALUES (new.account_id, 'webhooks'); END;
