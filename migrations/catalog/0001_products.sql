CREATE TABLE category (
    slug key_text NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    parent key_text REFERENCES category (slug),
    created_at BIGINT NOT NULL
);
CREATE INDEX category_by_parent ON category (parent);

-- The description is last, so that lists need not read past it.
CREATE TABLE product (
    id key_text NOT NULL PRIMARY KEY,
    slug key_text NOT NULL UNIQUE,
    title TEXT NOT NULL,
    category key_text REFERENCES category (slug),
    image TEXT,
    standing key_text NOT NULL CHECK (standing IN ('on-sale', 'unlisted', 'archived')),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    vendor TEXT,
    tags TEXT NOT NULL,
    images TEXT NOT NULL,
    description TEXT NOT NULL
);
CREATE INDEX product_newest ON product (created_at, id) WHERE standing = 'on-sale';
CREATE INDEX product_of_category ON product (category, standing, created_at, id);

-- Every slug that a product has or had. An old one leads to it until another product takes it.
CREATE TABLE product_slug (
    slug key_text NOT NULL PRIMARY KEY,
    product_id key_text NOT NULL REFERENCES product (id)
);
CREATE INDEX product_slug_of ON product_slug (product_id);

-- Rows are never removed: a SKU is never used again.
CREATE TABLE variant (
    sku key_text NOT NULL PRIMARY KEY,
    id key_text NOT NULL UNIQUE,
    product_id key_text NOT NULL REFERENCES product (id),
    position BIGINT NOT NULL,
    title TEXT,
    options TEXT NOT NULL,
    weight_grams BIGINT NOT NULL CHECK (weight_grams >= 0),
    imported BOOLEAN NOT NULL,
    UNIQUE (product_id, position)
);

CREATE TABLE price (
    sku key_text NOT NULL REFERENCES variant (sku),
    currency key_text NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    compare_at BIGINT CHECK (compare_at >= 0),
    PRIMARY KEY (sku, currency)
);

-- What lists are made of: the cheapest price of each product on sale, a row a currency.
CREATE TABLE listing (
    product_id key_text NOT NULL,
    currency key_text NOT NULL,
    category key_text,
    amount BIGINT NOT NULL,
    PRIMARY KEY (product_id, currency)
);
CREATE INDEX listing_by_price ON listing (currency, amount, product_id);
CREATE INDEX listing_by_category ON listing (currency, category, amount, product_id);

-- The folded words of each product on sale, each once with its best weight.
CREATE TABLE search_term (
    term key_text NOT NULL,
    product_id key_text NOT NULL,
    weight BIGINT NOT NULL
);
CREATE UNIQUE INDEX search_by_term ON search_term (term, product_id, weight);
CREATE INDEX search_of_product ON search_term (product_id);

-- Whoever changes the catalogue changes this row first, so that changes follow one another.
CREATE TABLE guard (
    name key_text NOT NULL PRIMARY KEY,
    entered BIGINT NOT NULL
);
INSERT INTO guard (name, entered) VALUES ('catalogue', 0);
