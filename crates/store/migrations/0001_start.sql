-- Timestamps are RFC 3339 in UTC with nine fraction digits, so that text order is time order.
-- No secret goes into any table: values live in the operating system's keychain.

CREATE TABLE accounts (
    id               TEXT PRIMARY KEY NOT NULL,
    label            TEXT NOT NULL,
    server           TEXT NOT NULL,
    customer_id      TEXT NOT NULL,
    demo             INTEGER NOT NULL CHECK (demo IN (0, 1)),
    user_id          TEXT,
    user_name        TEXT,
    user_mail        TEXT,
    user_type        TEXT,
    account_holder_id TEXT,
    plan             TEXT,
    sign_in_token_id TEXT,
    sign_in_kept     TEXT NOT NULL CHECK (sign_in_kept IN ('keychain', 'session')),
    request_limit    INTEGER NOT NULL CHECK (request_limit > 0),
    share            INTEGER NOT NULL CHECK (share > 0 AND share <= request_limit),
    overrides        TEXT NOT NULL CHECK (json_valid(overrides)),
    position         INTEGER NOT NULL,
    created_at       TEXT NOT NULL,
    last_used_at     TEXT
) STRICT;
-- Not unique: the same account may be there once per user.
CREATE INDEX accounts_by_server ON accounts (server, customer_id);

CREATE TABLE cache (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key        TEXT NOT NULL,
    body       TEXT NOT NULL CHECK (json_valid(body)),
    fetched_at TEXT NOT NULL,
    PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE capabilities (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    route      TEXT NOT NULL,
    verdict    TEXT NOT NULL CHECK (verdict IN ('offered', 'not_offered', 'refused')),
    detail     TEXT,
    checked_at TEXT NOT NULL,
    PRIMARY KEY (account_id, route)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_tokens (
    account_id  TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_id    TEXT NOT NULL,
    name        TEXT NOT NULL,
    origin      TEXT NOT NULL CHECK (origin IN ('created', 'pasted')),
    kept        TEXT NOT NULL CHECK (kept IN ('keychain', 'session')),
    kept_at     TEXT NOT NULL,
    verified_at TEXT,
    PRIMARY KEY (account_id, token_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE own_uses (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_id   TEXT NOT NULL,
    at         TEXT NOT NULL
) STRICT;
CREATE INDEX own_uses_by_token ON own_uses (account_id, token_id, at);

CREATE TABLE operations (
    id         TEXT PRIMARY KEY NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN
                   ('planned', 'sent', 'answered', 'stored', 'done', 'unknown', 'abandoned')),
    subject    TEXT NOT NULL,
    data       TEXT NOT NULL CHECK (json_valid(data)),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    ended_at   TEXT,
    CHECK ((ended_at IS NOT NULL) = (state IN ('done', 'abandoned')))
) STRICT;
CREATE INDEX operations_open ON operations (account_id, created_at) WHERE ended_at IS NULL;

-- Outlives the accounts it speaks of, hence no foreign keys and a copy of the account's label.
CREATE TABLE audit_log (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    at            TEXT NOT NULL,
    account_id    TEXT,
    account_label TEXT,
    actor         TEXT NOT NULL CHECK (actor IN ('window', 'cli', 'resume')),
    action        TEXT NOT NULL,
    subject       TEXT NOT NULL,
    outcome       TEXT NOT NULL,
    operation_id  TEXT,
    detail        TEXT NOT NULL CHECK (json_valid(detail))
) STRICT;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;
