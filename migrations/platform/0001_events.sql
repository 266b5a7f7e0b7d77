CREATE TABLE outbox (
    event_id key_text NOT NULL PRIMARY KEY,
    name key_text NOT NULL,
    key key_text NOT NULL,
    sequence BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    traceparent TEXT,
    data TEXT NOT NULL,
    -- When its personal data went, or that it has none.
    blanked_at BIGINT,
    UNIQUE (key, sequence)
);
CREATE INDEX outbox_by_name ON outbox (name, occurred_at);
CREATE INDEX outbox_personal ON outbox (occurred_at) WHERE blanked_at IS NULL;

-- The last sequence drawn for a key; kept when the outbox is pruned, so that numbers never come twice.
CREATE TABLE outbox_key (
    key key_text NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE subscription (
    name key_text NOT NULL PRIMARY KEY,
    event key_text NOT NULL,
    generation BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL
);

-- One event that one subscription is to be told; gone when that subscription's inbox confirmed it.
CREATE TABLE delivery (
    id key_text NOT NULL PRIMARY KEY,
    subscription key_text NOT NULL,
    generation BIGINT NOT NULL,
    event_id key_text NOT NULL,
    key key_text NOT NULL,
    sequence BIGINT NOT NULL,
    offered_by key_text,
    offered_until BIGINT NOT NULL,
    UNIQUE (event_id, subscription, generation)
);
CREATE INDEX delivery_next ON delivery (subscription, key, sequence);

CREATE TABLE inbox (
    id key_text NOT NULL PRIMARY KEY,
    subscription key_text NOT NULL,
    generation BIGINT NOT NULL,
    event_id key_text NOT NULL,
    name key_text NOT NULL,
    key key_text NOT NULL,
    sequence BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    traceparent TEXT,
    data TEXT NOT NULL,
    state key_text NOT NULL CHECK (state IN ('pending', 'parked', 'done', 'skipped')),
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    cause TEXT,
    received_at BIGINT NOT NULL,
    handled_at BIGINT,
    UNIQUE (event_id, subscription, generation)
);
CREATE INDEX inbox_open ON inbox (subscription, key, sequence) WHERE state IN ('pending', 'parked');
CREATE INDEX inbox_due ON inbox (subscription, due_at) WHERE state = 'pending';
CREATE INDEX inbox_handled ON inbox (handled_at) WHERE handled_at IS NOT NULL;

-- The highest sequence handled of a key: anything at or below it is a repeat, for ever.
CREATE TABLE inbox_mark (
    subscription key_text NOT NULL,
    generation BIGINT NOT NULL,
    key key_text NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (subscription, key, generation)
);

CREATE TABLE saga (
    id key_text NOT NULL PRIMARY KEY,
    kind key_text NOT NULL,
    state key_text NOT NULL,
    epoch BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    deadline_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    settled_at BIGINT,
    cause TEXT
);
CREATE INDEX saga_due ON saga (due_at) WHERE settled_at IS NULL;
CREATE INDEX saga_started ON saga (started_at, id);
