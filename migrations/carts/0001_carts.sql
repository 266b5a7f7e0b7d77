-- `version` grows with every change of the lines. `order_id` is the live order that keeps the cart from changing. It stands in the row that every change locks first.
CREATE TABLE cart (
    id key_text NOT NULL PRIMARY KEY,
    owner_id key_text,
    currency key_text NOT NULL,
    order_id key_text,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX cart_open ON cart (created_at) WHERE order_id IS NULL;

CREATE TABLE cart_line (
    cart_id key_text NOT NULL REFERENCES cart (id) ON DELETE CASCADE,
    sku key_text NOT NULL,
    position BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    PRIMARY KEY (cart_id, sku)
);

-- One row an order, for ever; a closed one never freezes again.
CREATE TABLE cart_freeze (
    order_id key_text NOT NULL PRIMARY KEY,
    cart_id key_text NOT NULL,
    state key_text NOT NULL CHECK (state IN ('live', 'closed')),
    updated_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX cart_freeze_live ON cart_freeze (cart_id) WHERE state = 'live';
