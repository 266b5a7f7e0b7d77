-- What shipping asked for parcels when it was asked last: a purchase goes by it while shipping is away.
CREATE TABLE tariff (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    document TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
