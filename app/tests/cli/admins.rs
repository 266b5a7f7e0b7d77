use e2e::{Client, Launcher as _};
use serde_json::json;

use crate::house::{opened, said, shop, typed};

const CREATE: [&str; 5] =
    ["users", "create-admin", "--email", "new@shop.example", "--password-stdin"];

async fn signs_in(shop: &e2e::Monolith, password: &str) -> u16 {
    let body = json!({"email": "new@shop.example", "password": password});
    Client::of(shop.public()).post("/api/users/login", &body).await.unwrap().status
}

#[tokio::test]
async fn an_admin_is_made_while_the_shop_runs() {
    let shop = shop();
    opened(&shop).await;

    let made = typed(&shop, &CREATE, "a long enough one\n");

    assert!(made.status.success(), "{made:?}");
    assert_eq!(signs_in(&shop, "a long enough one").await, 200);
    assert_eq!(signs_in(&shop, "another long one").await, 401);
}

#[tokio::test]
async fn an_admin_is_made_while_the_shop_is_closed() {
    let shop = shop();

    let made = typed(&shop, &CREATE, "a long enough one\r\n");

    assert!(made.status.success(), "{made:?}");
    opened(&shop).await;
    assert_eq!(signs_in(&shop, "a long enough one").await, 200);
}

#[tokio::test]
async fn making_an_admin_again_leaves_the_password() {
    let shop = shop();
    typed(&shop, &CREATE, "a long enough one\n");

    let again = typed(&shop, &CREATE, "another long one\n");

    assert!(again.status.success(), "{again:?}");
    opened(&shop).await;
    assert_eq!(signs_in(&shop, "a long enough one").await, 200);
}

#[tokio::test]
async fn a_password_that_is_too_short_or_missing_is_told() {
    let shop = shop();

    let short = typed(&shop, &CREATE, "short\n");
    let (missing, said) = said(&shop, &CREATE[..4]).await;

    assert_eq!(short.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&short.stderr).contains("12 to 128"), "{short:?}");
    assert_eq!(missing, Some(1));
    assert!(said.contains("--password-stdin"), "{said}");
}
