CREATE TABLE stock (
    sku key_text NOT NULL PRIMARY KEY,
    on_hand BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    movements BIGINT NOT NULL,
    CHECK (reserved >= 0),
    CHECK (on_hand >= reserved)
);

-- One row for every change of the counters: they equal the sums of their movements, always.
CREATE TABLE movement (
    sku key_text NOT NULL,
    number BIGINT NOT NULL,
    kind key_text NOT NULL,
    on_hand_delta BIGINT NOT NULL,
    reserved_delta BIGINT NOT NULL,
    reference key_text,
    at BIGINT NOT NULL,
    PRIMARY KEY (sku, number)
);

-- What is held for an order; a closed one never holds again.
CREATE TABLE reservation (
    order_id key_text NOT NULL PRIMARY KEY,
    state key_text NOT NULL CHECK (state IN ('held', 'closed')),
    lines TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
