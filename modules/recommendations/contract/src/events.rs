use kernel::Subscription;

/// What `recommendations` listens to: what is bought, and what is undone.
pub const SUBSCRIPTIONS: &[Subscription] = &[
    Subscription {
        name: "recommendations.count-order-confirmed",
        event: "orders.order-confirmed.v1",
    },
    Subscription {
        name: "recommendations.forget-order-cancelled",
        event: "orders.order-cancelled.v1",
    },
];
