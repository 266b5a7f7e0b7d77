CREATE TABLE account (
    id key_text NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_folded key_text NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role key_text NOT NULL CHECK (role IN ('buyer', 'staff', 'admin')),
    disabled BOOLEAN NOT NULL,
    password_hash TEXT NOT NULL,
    addresses BIGINT NOT NULL CHECK (addresses >= 0),
    created_at BIGINT NOT NULL,
    signed_in_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX account_by_age ON account (created_at, id);
CREATE INDEX account_of_admins ON account (id) WHERE role = 'admin';

-- Whoever takes an admin's rights away writes this row first, so that two can't take the last two at once.
CREATE TABLE admin_turn (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    turns BIGINT NOT NULL
);
INSERT INTO admin_turn (id, turns) VALUES (1, 0);

CREATE TABLE address (
    id key_text NOT NULL PRIMARY KEY,
    account_id key_text NOT NULL REFERENCES account (id),
    postal TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX address_of_account ON address (account_id, created_at, id);

-- One sign-in: the family of all refresh tokens that came of it.
CREATE TABLE session (
    id key_text NOT NULL PRIMARY KEY,
    account_id key_text NOT NULL REFERENCES account (id),
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX session_of_account ON session (account_id) WHERE ended_at IS NULL;
CREATE INDEX session_by_expiry ON session (expires_at);

-- Only the SHA-256 of a token is kept. A used one stays until it expires, so that its reuse is noticed.
CREATE TABLE refresh_token (
    fingerprint key_text NOT NULL PRIMARY KEY,
    session_id key_text NOT NULL REFERENCES session (id),
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_token_of_session ON refresh_token (session_id);
CREATE INDEX refresh_token_by_expiry ON refresh_token (expires_at);

-- The keys of access tokens, in the order in which they sign; each until its own time.
CREATE TABLE signing_key (
    number BIGINT NOT NULL PRIMARY KEY,
    kid key_text NOT NULL UNIQUE,
    private_key TEXT NOT NULL,
    public_key TEXT NOT NULL,
    signs_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
