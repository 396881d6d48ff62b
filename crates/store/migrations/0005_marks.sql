-- Counts the changes to each part of each account ('' = of none), so that one program sees what another one wrote.
CREATE TABLE marks (
    account_id TEXT NOT NULL,
    part       TEXT NOT NULL CHECK (part IN
                   ('account', 'tokens', 'webhooks', 'users', 'connect', 'operations', 'audit')),
    changes    INTEGER NOT NULL,
    PRIMARY KEY (account_id, part)
) STRICT, WITHOUT ROWID;

-- Its trigger stands in for a function, which SQLite has none of: what is inserted here is counted.
CREATE VIEW changed AS SELECT account_id, part FROM marks;
CREATE TRIGGER changed_counts INSTEAD OF INSERT ON changed BEGIN
    INSERT INTO marks VALUES (new.account_id, new.part, 1) ON CONFLICT DO UPDATE SET changes = changes + 1;
END;

-- When a call was made last is no news.
CREATE TRIGGER accounts_added AFTER INSERT ON accounts BEGIN INSERT INTO changed VALUES (new.id, 'account'); END;
CREATE TRIGGER accounts_changed AFTER UPDATE ON accounts WHEN
    (new.label, new.server, new.customer_id, new.user_id, new.user_name, new.user_mail, new.user_type,
     new.account_holder_id, new.plan, new.sign_in_token_id, new.sign_in_kept, new.request_limit, new.share,
     new.overrides, new.position)
    IS NOT
    (old.label, old.server, old.customer_id, old.user_id, old.user_name, old.user_mail, old.user_type,
     old.account_holder_id, old.plan, old.sign_in_token_id, old.sign_in_kept, old.request_limit, old.share,
     old.overrides, old.position)
BEGIN INSERT INTO changed VALUES (new.id, 'account'); END;
CREATE TRIGGER accounts_removed AFTER DELETE ON accounts BEGIN
    DELETE FROM marks WHERE account_id = old.id;
    INSERT INTO changed VALUES ('', 'account');
END;

-- A cached answer's key begins with its area.
CREATE VIEW cache_parts AS SELECT account_id, key, CASE substr(key, 1, instr(key || '.', '.') - 1)
    WHEN 'tokens' THEN 'tokens' WHEN 'users' THEN 'users' WHEN 'user_tokens' THEN 'users' WHEN 'connect' THEN 'connect'
    ELSE 'webhooks' END AS part FROM cache;
CREATE TRIGGER cache_added AFTER INSERT ON cache BEGIN
    INSERT INTO changed SELECT account_id, part FROM cache_parts WHERE account_id = new.account_id AND key = new.key;
END;
CREATE TRIGGER cache_changed AFTER UPDATE ON cache BEGIN
    INSERT INTO changed SELECT account_id, part FROM cache_parts WHERE account_id = new.account_id AND key = new.key;
END;

CREATE TRIGGER kept_tokens_added AFTER INSERT ON kept_tokens BEGIN INSERT INTO changed VALUES (new.account_id, 'tokens'); END;
CREATE TRIGGER kept_tokens_changed AFTER UPDATE ON kept_tokens BEGIN INSERT INTO changed VALUES (new.account_id, 'tokens'); END;
CREATE TRIGGER kept_tokens_removed AFTER DELETE ON kept_tokens
    WHEN EXISTS (SELECT 1 FROM accounts WHERE id = old.account_id)
    BEGIN INSERT INTO changed VALUES (old.account_id, 'tokens'); END;
CREATE TRIGGER webhook_notes_added AFTER INSERT ON webhook_notes BEGIN INSERT INTO changed VALUES (new.account_id, 'webhooks'); END;
CREATE TRIGGER webhook_notes_changed AFTER UPDATE ON webhook_notes BEGIN INSERT INTO changed VALUES (new.account_id, 'webhooks'); END;
CREATE TRIGGER webhook_notes_removed AFTER DELETE ON webhook_notes
    WHEN EXISTS (SELECT 1 FROM accounts WHERE id = old.account_id)
    BEGIN INSERT INTO changed VALUES (old.account_id, 'webhooks'); END;
CREATE TRIGGER operations_added AFTER INSERT ON operations BEGIN INSERT INTO changed VALUES (new.account_id, 'operations'); END;
CREATE TRIGGER operations_changed AFTER UPDATE ON operations BEGIN INSERT INTO changed VALUES (new.account_id, 'operations'); END;
CREATE TRIGGER audit_log_added AFTER INSERT ON audit_log BEGIN INSERT INTO changed VALUES ('', 'audit'); END;
