CREATE TABLE orders (
    id key_text NOT NULL PRIMARY KEY,
    number BIGINT UNIQUE,
    status key_text NOT NULL CHECK (status IN ('pending', 'confirmed', 'rejected', 'cancelled')),
    cart_id key_text NOT NULL,
    user_id key_text,
    email_folded key_text NOT NULL,
    key_scope key_text NOT NULL,
    idempotency_key key_text NOT NULL,
    body_digest key_text NOT NULL,
    -- The order as it was placed: lines, sums, addresses. Never changed.
    document TEXT NOT NULL,
    currency key_text NOT NULL,
    total BIGINT NOT NULL CHECK (total >= 0),
    payment_id key_text NOT NULL UNIQUE,
    payment_status key_text NOT NULL,
    -- What the provider gave the buyer's browser; forgotten when the order settles.
    payment_token TEXT,
    rejection TEXT,
    cancel_reason TEXT,
    placed_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (key_scope, idempotency_key)
);
-- One live order a cart.
CREATE UNIQUE INDEX orders_live_cart ON orders (cart_id) WHERE status IN ('pending', 'confirmed');
CREATE INDEX orders_by_user ON orders (user_id, id);
CREATE INDEX orders_by_email ON orders (email_folded, id);
CREATE INDEX orders_by_status ON orders (status, id);

CREATE TABLE order_history (
    order_id key_text NOT NULL,
    number BIGINT NOT NULL,
    status key_text NOT NULL,
    at BIGINT NOT NULL,
    detail TEXT,
    PRIMARY KEY (order_id, number)
);

-- The last order number drawn; drawn with the confirmation, so that there are no gaps.
CREATE TABLE order_number (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO order_number (id, last) VALUES (1, 0);

CREATE TABLE secret (
    name key_text NOT NULL PRIMARY KEY,
    value key_text NOT NULL
);
