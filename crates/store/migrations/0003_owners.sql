-- Which running program something belongs to: see src/life.rs. NULL is an older program's.
ALTER TABLE operations ADD COLUMN owner TEXT;
ALTER TABLE kept_tokens ADD COLUMN owner TEXT;

-- Entries of the keychain that may be there without a row that needs them: noted before the keychain is asked. No foreign
-- key, because the account's row comes after its entry and may go before it.
CREATE TABLE secret_notes (
    secret   TEXT PRIMARY KEY NOT NULL CHECK (json_valid(secret)),
    owner    TEXT NOT NULL,
    noted_at TEXT NOT NULL
) STRICT;
