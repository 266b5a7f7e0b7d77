use std::time::Duration;

use futures_util::future::join_all;
use kernel::{CallError, Secret};
use platform::{Sql as _, params};
use testkit::on_each_engine;
use users_contract::{Logout, Refresh, SessionRefusal, UpdateUser, Users as _};

use crate::assert_refused;
use crate::shop::{PASSWORD, as_user, guest, shop, system};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn a_token_is_good_for_one_trade_and_its_reuse_ends_the_session() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let first = shop.register("ana@example.org").await;
        let other = shop.login("ana@example.org", PASSWORD).await.unwrap();

        let second = shop.refresh(&first).await.unwrap();
        let third = shop.refresh(&second).await.unwrap();
        let reused = shop.refresh(&first).await;

        assert_ne!(second.refresh_token, third.refresh_token);
        assert_refused!(reused, SessionRefusal::TokenReused);
        assert_refused!(shop.refresh(&third).await, SessionRefusal::InvalidToken);
        assert_refused!(shop.refresh(&second).await, SessionRefusal::TokenReused);
        shop.refresh(&other).await.unwrap(); // a session of its own
        shop.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn of_many_who_trade_one_token_at_once_one_wins_and_the_session_is_over() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let first = shop.register("ana@example.org").await;

        let trades = (0..16).map(|_| {
            let (shop, first) = (shop.clone(), first.clone());
            tokio::spawn(async move { shop.refresh(&first).await })
        });
        let mut winners = Vec::new();
        for answer in join_all(trades).await {
            match answer.unwrap() {
                Ok(signed_in) => winners.push(signed_in),
                Err(CallError::Refused(SessionRefusal::TokenReused)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }

        let [winner] = winners.as_slice() else { panic!("{} won", winners.len()) };
        assert_refused!(shop.refresh(winner).await, SessionRefusal::InvalidToken);
        shop.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_token_dies_of_age_and_each_trade_starts_its_life_anew() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let first = shop.register("ana@example.org").await;

        shop.clock.advance(29 * DAY);
        let second = shop.refresh(&first).await.unwrap();
        shop.clock.advance(29 * DAY);
        let third = shop.refresh(&second).await.unwrap();
        shop.clock.advance(30 * DAY);

        assert_refused!(shop.refresh(&third).await, SessionRefusal::InvalidToken);
        let unknown = Refresh { refresh_token: Secret::new("not a token") };
        let unknown = shop.users.refresh(&guest(), unknown).await;
        assert_refused!(unknown, SessionRefusal::InvalidToken);
    })
    .await;
}

#[tokio::test]
async fn signing_out_ends_the_callers_session_alone_and_may_be_repeated() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let (ana, bob) =
            (shop.register("ana@example.org").await, shop.register("bob@example.org").await);
        let logout = |token: &Secret| Logout { refresh_token: token.clone() };
        let own = as_user(&ana.user);

        for token in [&ana.refresh_token, &ana.refresh_token, &bob.refresh_token] {
            shop.users.logout(&own, logout(token)).await.unwrap();
        }
        let nobody = shop.users.logout(&guest(), logout(&bob.refresh_token)).await;

        assert_refused!(nobody, SessionRefusal::InvalidToken);
        assert_refused!(shop.refresh(&ana).await, SessionRefusal::InvalidToken);
        shop.refresh(&bob).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_signs_in_while_being_shut_out_has_no_session_left() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let user = shop.register("ana@example.org").await.user.id;

        let logins = (0..24).map(|_| {
            let shop = shop.clone();
            tokio::spawn(async move { shop.login("ana@example.org", PASSWORD).await })
        });
        let logins: Vec<_> = logins.collect();
        let wish = UpdateUser { user, role: None, disabled: Some(true), expected_version: None };
        shop.users.update(&system(), wish).await.unwrap();

        for answer in join_all(logins).await {
            match answer.unwrap() {
                Ok(signed_in) => {
                    assert_refused!(shop.refresh(&signed_in).await, SessionRefusal::InvalidToken);
                }
                Err(CallError::Refused(SessionRefusal::InvalidCredentials)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        shop.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn neither_tokens_nor_passwords_are_stored_or_printed() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);

        let signed_in = shop.register("ana@example.org").await;

        let token = signed_in.refresh_token.reveal();
        let tokens = "SELECT COUNT(*) FROM refresh_token WHERE fingerprint = $1";
        assert_eq!(database.number(tokens, params![token]).await.unwrap(), 0);
        let hashes = "SELECT COUNT(*) FROM account WHERE password_hash LIKE '%pass phrase%'";
        assert_eq!(database.number(hashes, params![]).await.unwrap(), 0);
        let printed = format!("{signed_in:?}");
        for secret in [token, signed_in.access_token.reveal(), "ana@example.org"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    })
    .await;
}

#[tokio::test]
async fn sweeping_removes_what_nobody_can_use_and_nothing_else() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let old = shop.register("ana@example.org").await;
        shop.refresh(&old).await.unwrap();
        shop.clock.advance(20 * DAY);
        let young = shop.register("bob@example.org").await;
        let used = shop.refresh(&young).await.unwrap();

        assert_eq!(shop.users.sweep().await.unwrap(), 0);
        shop.clock.advance(10 * DAY);
        assert_eq!(shop.users.sweep().await.unwrap(), 3);
        assert_eq!(shop.users.sweep().await.unwrap(), 0);

        assert_refused!(shop.refresh(&old).await, SessionRefusal::InvalidToken);
        let latest = shop.refresh(&used).await.unwrap();
        assert_refused!(shop.refresh(&young).await, SessionRefusal::TokenReused);
        assert_refused!(shop.refresh(&latest).await, SessionRefusal::InvalidToken);
        shop.assert_sound().await;
    })
    .await;
}
