-- What is to be paid for an order, and how far it is. An order that was closed before anything was to be paid has a
-- 'tombstone': it is never paid.
CREATE TABLE payment (
    order_id key_text NOT NULL PRIMARY KEY,
    payment_id key_text UNIQUE,
    provider key_text,
    owner_kind key_text CHECK (owner_kind IN ('user', 'guest')),
    owner key_text,
    currency key_text,
    amount BIGINT NOT NULL,
    state key_text NOT NULL CHECK (state IN ('tombstone', 'pending', 'declined', 'authorized', 'capturing', 'captured', 'voided')),
    closed BOOLEAN NOT NULL,
    rest_refused BOOLEAN NOT NULL,
    reference TEXT,
    decline_code TEXT,
    authorized BIGINT NOT NULL,
    captured BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    refunding BIGINT NOT NULL,
    asked_until BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    due_at BIGINT,
    version BIGINT NOT NULL,
    CHECK (amount >= 0),
    CHECK (authorized >= 0 AND authorized <= amount),
    CHECK (captured >= 0 AND captured <= authorized),
    CHECK (refunded >= 0 AND refunding >= 0),
    CHECK (refunded + refunding <= captured),
    CHECK ((payment_id IS NULL) = (state = 'tombstone'))
);

-- What the provider has still to be asked.
CREATE INDEX payment_due ON payment (due_at) WHERE due_at IS NOT NULL;

-- Money given back. Its amount is set aside in `payment.refunding` until the provider said whether it did.
CREATE TABLE refund (
    payment_id key_text NOT NULL,
    key key_text NOT NULL,
    refund_id key_text NOT NULL UNIQUE,
    digest key_text NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    reason TEXT NOT NULL,
    state key_text NOT NULL CHECK (state IN ('pending', 'done', 'declined')),
    decline_code TEXT,
    refunded_after BIGINT,
    asked_at BIGINT NOT NULL,
    settled_at BIGINT,
    PRIMARY KEY (payment_id, key)
);
