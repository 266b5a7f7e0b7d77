//! The rows of a purchase of two lines, as a shop by hand would write them.

/// How many rows a purchase inserts and changes.
pub(crate) const ROWS: u64 = 27;

/// How many SKUs there are.
pub(crate) const SKUS: u64 = 3_000;

/// The tables.
pub(crate) const TABLES: &str = "
CREATE TABLE cart (id TEXT PRIMARY KEY, currency TEXT NOT NULL, state TEXT NOT NULL, updated_at BIGINT NOT NULL);
CREATE TABLE cart_line (cart TEXT NOT NULL, sku TEXT NOT NULL, quantity BIGINT NOT NULL, PRIMARY KEY (cart, sku));
CREATE TABLE orders (id TEXT PRIMARY KEY, cart TEXT NOT NULL, idempotency TEXT NOT NULL UNIQUE, number BIGINT UNIQUE,
  status TEXT NOT NULL, email TEXT NOT NULL, body TEXT NOT NULL, placed_at BIGINT NOT NULL);
CREATE UNIQUE INDEX one_live_order ON orders (cart) WHERE status NOT IN ('rejected', 'cancelled');
CREATE INDEX orders_by_email ON orders (email, placed_at);
CREATE TABLE history (order_id TEXT NOT NULL, number BIGINT NOT NULL, status TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (order_id, number));
CREATE TABLE saga (id TEXT PRIMARY KEY, state TEXT NOT NULL, epoch BIGINT NOT NULL, due_at BIGINT NOT NULL);
CREATE TABLE counter (name TEXT PRIMARY KEY, last BIGINT NOT NULL);
CREATE TABLE stock (sku TEXT PRIMARY KEY, on_hand BIGINT NOT NULL, reserved BIGINT NOT NULL,
  CHECK (reserved >= 0), CHECK (on_hand >= reserved));
CREATE TABLE movement (id TEXT PRIMARY KEY, sku TEXT NOT NULL, delta BIGINT NOT NULL, reference TEXT NOT NULL,
  at BIGINT NOT NULL);
CREATE TABLE reservation (order_id TEXT PRIMARY KEY, state TEXT NOT NULL, lines TEXT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE payment (id TEXT PRIMARY KEY, order_id TEXT NOT NULL UNIQUE, status TEXT NOT NULL,
  authorized BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE charge (id TEXT PRIMARY KEY, idempotency TEXT NOT NULL UNIQUE, amount BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE outbox (id TEXT PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL, sequence BIGINT NOT NULL,
  data TEXT NOT NULL, UNIQUE (key, sequence));
CREATE TABLE delivery (id TEXT PRIMARY KEY, subscription TEXT NOT NULL, event TEXT NOT NULL);
CREATE TABLE outbox_key (key TEXT PRIMARY KEY, last BIGINT NOT NULL);
INSERT INTO counter VALUES ('orders', 0);
";

/// The statements of a purchase in its four steps. `:id`, `:a` and `:b` are its id and its SKUs, in order.
pub(crate) const STEPS: [&str; 4] = [
    "
INSERT INTO cart VALUES ('c:id', 'EUR', 'open', 1);
INSERT INTO cart_line VALUES ('c:id', 'W:a', 1), ('c:id', 'W:b', 1);
UPDATE cart SET state = 'frozen', updated_at = 2 WHERE id = 'c:id';
",
    "
INSERT INTO orders VALUES ('o:id', 'c:id', 'k:id', NULL, 'pending', 'bench@example.com', ':body', 1);
INSERT INTO history VALUES ('o:id', 1, 'pending', 1);
INSERT INTO saga VALUES ('o:id', 'running', 1, 2);
",
    "
UPDATE stock SET reserved = reserved + 1 WHERE sku = 'W:a' AND on_hand - reserved >= 1;
UPDATE stock SET reserved = reserved + 1 WHERE sku = 'W:b' AND on_hand - reserved >= 1;
INSERT INTO movement VALUES ('a:id', 'W:a', 1, 'o:id', 1), ('b:id', 'W:b', 1, 'o:id', 1);
INSERT INTO reservation VALUES ('o:id', 'held', ':lines', 1);
INSERT INTO outbox VALUES ('r:id', 'inventory.stock-reserved.v1', 'o:id', 1, ':lines');
INSERT INTO outbox_key VALUES ('r:id', 1);
INSERT INTO payment VALUES ('p:id', 'o:id', 'intended', 4590, 1);
",
    "
INSERT INTO charge VALUES ('x:id', 'p:id', 4590, 1);
UPDATE payment SET status = 'authorized' WHERE id = 'p:id';
INSERT INTO history VALUES ('o:id', 2, 'confirmed', 2);
UPDATE saga SET state = 'done' WHERE id = 'o:id';
INSERT INTO outbox VALUES ('e:id', 'orders.order-confirmed.v1', 'e:id', 1, ':body');
INSERT INTO outbox_key VALUES ('e:id', 1);
INSERT INTO outbox VALUES ('m:id', 'payments.payment-authorized.v1', 'm:id', 1, ':lines');
INSERT INTO outbox_key VALUES ('m:id', 1);
INSERT INTO delivery VALUES ('d:id', 'orders.note-payment', 'm:id');
UPDATE counter SET last = last + 1 WHERE name = 'orders';
UPDATE orders SET status = 'confirmed', number = (SELECT last FROM counter WHERE name = 'orders') WHERE id = 'o:id';
",
];

/// What stands for an order with its lines and address.
pub(crate) fn body() -> String {
    "x".repeat(900)
}

/// What stands for the lines of a reservation.
pub(crate) fn lines() -> String {
    "x".repeat(120)
}

/// In how many transactions the rows of a purchase are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transactions {
    /// All at once.
    One,
    /// A step each.
    Four,
}

impl Transactions {
    /// The statements of a purchase in so many transactions.
    pub(crate) fn wrap(self, begin: &str) -> String {
        match self {
            Self::One => format!("{begin};{}COMMIT;\n", STEPS.concat()),
            Self::Four => STEPS.map(|step| format!("{begin};{step}COMMIT;\n")).concat(),
        }
    }
}
