//! Where a contract is called, by its address such as `orders-ops.v1`.

/// Where one method is called.
pub(super) fn method(prefix: &str, address: &str, method: &str) -> String {
    format!("{prefix}.rpc.{address}.{method}")
}

/// Where all of its methods are called.
pub(super) fn methods(prefix: &str, address: &str) -> String {
    format!("{prefix}.rpc.{address}.*")
}

/// Where callers say that they went away; the message is where they would have been answered.
pub(super) fn cancels(prefix: &str, address: &str) -> String {
    format!("{prefix}.cancel.{address}")
}

/// Where peers ask what is served.
pub(super) fn introductions(prefix: &str, address: &str) -> String {
    format!("{prefix}.contracts.{address}")
}

/// The name of the contract: `orders-ops`.
pub(super) fn name(address: &str) -> &str {
    address.split('.').next().unwrap_or(address)
}

/// The module, whose instances share its calls: `orders`, of its own contract and of the platform's.
pub(super) fn module(address: &str) -> &str {
    let name = name(address);
    name.strip_suffix("-ops").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contract_of_the_platform_belongs_to_its_module() {
        assert_eq!(
            method("galleria", "orders-ops.v1", "health"),
            "galleria.rpc.orders-ops.v1.health"
        );
        assert_eq!((name("orders-ops.v1"), module("orders-ops.v1")), ("orders-ops", "orders"));
        assert_eq!((name("orders.v1"), module("orders.v1")), ("orders", "orders"));
    }
}
