-- What the sandbox set aside, by the key it was asked with. A declined one never moved money.
CREATE TABLE charge (
    key key_text NOT NULL PRIMARY KEY,
    reference key_text NOT NULL UNIQUE,
    payment_id key_text NOT NULL,
    order_id key_text NOT NULL,
    currency key_text NOT NULL,
    amount BIGINT NOT NULL,
    decline_code TEXT,
    captured BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    voided BOOLEAN NOT NULL,
    charged_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CHECK (amount >= 0),
    CHECK (captured >= 0 AND captured <= amount),
    CHECK (refunded >= 0 AND refunded <= captured),
    CHECK (captured = 0 OR (decline_code IS NULL AND NOT voided))
);
CREATE INDEX charge_by_order ON charge (order_id);

-- What was done with a charge, by the key it was asked with.
CREATE TABLE operation (
    key key_text NOT NULL PRIMARY KEY,
    reference key_text NOT NULL,
    kind key_text NOT NULL CHECK (kind IN ('capture', 'void', 'refund')),
    amount BIGINT NOT NULL,
    decline_code TEXT,
    done_at BIGINT NOT NULL
);

-- How often `tok_error` failed for a key; kept, so that a restart does not begin anew.
CREATE TABLE failing (
    key key_text NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL
);
