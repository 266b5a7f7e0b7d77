//! The module calls others.

use std::sync::Arc;

use extract_http::{ServeSettings, Serving, router};
use inventory_contract::{FakeInventory, Inventory, StockLevel};
use kernel::contract::{Contract as _, Unattended};
use kernel::{Principal, SystemClock};
use tokio::net::TcpListener;

use crate::module::{Module, can_run, keys};

async fn inventory(accepted: &str) -> String {
    let fake = Arc::new(FakeInventory::default());
    fake.availability.answer(|call, request| {
        assert!(matches!(call.principal, Principal::System { .. }));
        assert_eq!(call.caller.as_str(), "recommendations");
        let level = |sku| StockLevel { sku, available: 3 };
        std::future::ready(Ok(request.skus.into_iter().map(level).collect()))
    });
    let dispatch = <dyn Inventory>::dispatcher(fake, &Unattended::default());
    let keys = keys(8, &[("recommendations", accepted)]);
    let serving = Serving::new(keys, Arc::new(SystemClock), ServeSettings::default());
    let router = router(Arc::new(serving.contract(dispatch)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn asked(module: Module, url: String) -> (bool, String) {
    let ask = move || {
        let message = r#"{"skus":["A"]}"#;
        module.command(&["call", &url, "inventory.v1", "availability", message])
    };
    tokio::task::spawn_blocking(ask).await.unwrap()
}

#[tokio::test]
async fn a_module_of_ours_accepts_the_tokens_that_it_signs() {
    if !can_run() {
        return;
    }
    let module = Module::start();
    let url = inventory(&module.public_key).await;

    let (well, printed) = asked(module, url).await;

    assert!(well, "{printed}");
    assert_eq!(printed.trim(), r#"[{"sku": "A", "available": 3}]"#);
}

#[tokio::test]
async fn a_module_of_ours_that_does_not_know_its_key_denies_it() {
    if !can_run() {
        return;
    }
    let (module, other) = (Module::start(), Module::start());
    let url = inventory(&other.public_key).await;

    let (well, printed) = asked(module, url).await;

    assert!(!well && printed.contains("denied"), "{printed}");
}
