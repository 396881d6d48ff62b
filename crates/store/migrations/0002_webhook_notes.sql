-- What this computer knows of a webhook and no server tells: when hidden values were set here, and what was set up by hand.
CREATE TABLE webhook_notes (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('hidden', 'by_hand')),
    webhook_id TEXT NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (account_id, kind, webhook_id)
) STRICT;
