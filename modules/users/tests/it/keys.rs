use std::time::Duration;

use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use kernel::Secret;
use platform::{Database, Sql as _, params};
use serde_json::Value;
use testkit::on_each_engine;
use users_contract::{AccessKey, ListKeys, Users as _};

use crate::shop::{PASSWORD, Shop, guest, shop};

const DAY: Duration = Duration::from_hours(24);

async fn published(shop: &Shop) -> Vec<AccessKey> {
    shop.users.keys(&guest(), ListKeys {}).await.unwrap()
}

fn kid(token: &Secret) -> String {
    decode_header(token.reveal()).unwrap().kid.unwrap()
}

fn claims(token: &Secret, key: &AccessKey) -> Option<Value> {
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&["galleria"]);
    rules.set_issuer(&["galleria"]);
    rules.validate_exp = false; // the clock of the test is not that of the machine
    let key = DecodingKey::from_ed_components(&key.x).unwrap();
    decode::<Value>(token.reveal(), &key, &rules).ok().map(|token| token.claims)
}

async fn count(database: &Database) -> i64 {
    database.number("SELECT COUNT(*) FROM signing_key", params![]).await.unwrap()
}

#[tokio::test]
async fn an_access_token_is_verified_by_the_published_key_it_names_and_by_no_other() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);

        let signed_in = shop.register("ana@example.org").await;

        let (signed, others): (Vec<_>, Vec<_>) = published(&shop)
            .await
            .into_iter()
            .partition(|key| key.kid == kid(&signed_in.access_token));
        let claims_of = |key| claims(&signed_in.access_token, key);
        let said = claims_of(&signed[0]).unwrap();
        assert_eq!(said["sub"], signed_in.user.id.to_string());
        assert_eq!(said["role"], "buyer");
        assert_eq!(said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), 900);
        assert_eq!(said["iat"].as_i64().unwrap(), 1_790_000_000);
        assert_eq!((signed.len(), others.len()), (1, 1));
        assert_eq!(claims_of(&others[0]), None);
    })
    .await;
}

#[tokio::test]
async fn several_processes_that_need_a_key_at_once_agree_on_two() {
    on_each_engine("users", async |database| {
        let processes: Vec<Shop> = (0..6).map(|_| shop(&database)).collect();

        let sign_ups = processes.iter().enumerate().map(|(n, process)| {
            let process = process.clone();
            tokio::spawn(async move { process.register(&format!("ana{n}@example.org")).await })
        });
        let sign_ups = join_all(sign_ups).await;

        let kids: Vec<String> =
            sign_ups.into_iter().map(|signed| kid(&signed.unwrap().access_token)).collect();
        assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
        assert_eq!(count(&database).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_key_is_known_before_it_signs_and_as_long_as_its_tokens_live() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let first = shop.register("ana@example.org").await.access_token;
        let before = published(&shop).await;

        shop.clock.advance(30 * DAY);
        let second = shop.login("ana@example.org", PASSWORD).await.unwrap().access_token;
        let during = published(&shop).await;
        shop.clock.advance(Duration::from_secs(15 * 60 + 61));
        let after = published(&shop).await;
        shop.users.sweep().await.unwrap();

        let kids = |keys: &[AccessKey]| keys.iter().map(|key| key.kid.clone()).collect::<Vec<_>>();
        assert_eq!(kids(&before), [kid(&first), kid(&second)]);
        assert_eq!(kids(&during)[..2], kids(&before)[..]);
        assert_eq!(during.len(), 3);
        assert_eq!(kids(&after), kids(&during)[1..]);
        assert!(claims(&first, &during[0]).is_some());
        assert_eq!(count(&database).await, 2);
    })
    .await;
}

#[tokio::test]
async fn after_a_long_sleep_new_keys_sign_at_once() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        shop.register("ana@example.org").await;
        let before = published(&shop).await;

        shop.clock.advance(400 * DAY);
        shop.users.sweep().await.unwrap();
        let token = shop.login("ana@example.org", PASSWORD).await.unwrap().access_token;

        let after = published(&shop).await;
        assert_eq!(after.len(), 2);
        assert_eq!(after[0].kid, kid(&token));
        assert!(before.iter().all(|key| !after.contains(key)));
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_taken_out_of_the_table_stops_signing_within_a_minute() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let stolen = kid(&shop.register("ana@example.org").await.access_token);
        let uow = platform::UnitOfWork::begin(&database, kernel::Timestamp::from_micros(0));
        let uow = uow.await.unwrap();
        uow.run("DELETE FROM signing_key WHERE kid = $1", params![stolen]).await.unwrap();
        uow.commit().await.unwrap();

        shop.clock.advance(Duration::from_mins(1));
        let token = shop.login("ana@example.org", PASSWORD).await.unwrap().access_token;

        assert_ne!(kid(&token), stolen);
        let keys = published(&shop).await;
        assert_eq!(keys.len(), 2);
        assert!(keys.iter().all(|key| key.kid != stolen));
    })
    .await;
}
