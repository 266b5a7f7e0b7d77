use kernel::{CallError, Secret};
use platform::{Sql as _, params};
use testkit::on_each_engine;
use users::{UsersModule, UsersSettings};
use users_contract::{
    ChangePassword, GetUser, SessionRefusal, UpdateUser, UserRefusal, Users as _,
};

use crate::assert_refused;
use crate::shop::{PASSWORD, as_user, settings, shop, shop_with, system};

#[tokio::test]
async fn an_unknown_email_a_wrong_password_and_a_disabled_account_cost_and_look_the_same() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        shop.register("ana@example.org").await;
        let disabled = shop.register("bob@example.org").await.user.id;
        let wish =
            UpdateUser { user: disabled, role: None, disabled: Some(true), expected_version: None };
        shop.users.update(&system(), wish).await.unwrap();

        let tries = [
            ("nobody@example.org", PASSWORD),
            ("ana@example.org", "another pass phrase"),
            ("bob@example.org", PASSWORD),
            ("ana@example.org", "short"),
        ];
        for (email, password) in tries {
            let before = shop.users.passwords_hashed();
            let refused = shop.login(email, password).await;
            assert_refused!(refused, SessionRefusal::InvalidCredentials);
            assert_eq!(shop.users.passwords_hashed() - before, 1, "{email}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_hash_of_older_parameters_is_renewed_when_its_owner_signs_in() {
    on_each_engine("users", async |database| {
        let old = shop(&database);
        old.register("ana@example.org").await;
        let harder = UsersSettings { hashing_passes: 2, ..settings() };
        let shop = shop_with(&database, &harder);

        shop.login("ana@example.org", PASSWORD).await.unwrap();
        shop.login("ana@example.org", PASSWORD).await.unwrap();

        let renewed =
            "SELECT COUNT(*) FROM account WHERE password_hash LIKE '$argon2id$v=19$m=8,t=2,p=1$%'";
        assert_eq!(database.number(renewed, params![]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_all_sessions_and_only_the_new_one_signs_in() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let first = shop.register("ana@example.org").await;
        let second = shop.login("ana@example.org", PASSWORD).await.unwrap();
        let change = |current: &str, new: &str| ChangePassword {
            user: first.user.id,
            current_password: Secret::new(current),
            new_password: Secret::new(new),
        };
        let own = as_user(&first.user);

        let wrong = shop
            .users
            .change_password(&own, change("not the password", "x".repeat(12).as_str()))
            .await;
        let short = shop.users.change_password(&own, change(PASSWORD, "short")).await;
        shop.users.change_password(&own, change(PASSWORD, "пароль-пароль")).await.unwrap();

        assert_refused!(wrong, UserRefusal::InvalidCredentials);
        assert_refused!(short, UserRefusal::InvalidPassword);
        for ended in [&first, &second] {
            assert_refused!(shop.refresh(ended).await, SessionRefusal::InvalidToken);
        }
        assert_refused!(
            shop.login("ana@example.org", PASSWORD).await,
            SessionRefusal::InvalidCredentials
        );
        shop.login("ana@example.org", "пароль-пароль").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn nobody_changes_the_password_of_somebody_else() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let victim = shop.register("ana@example.org").await.user;
        let stranger = shop.register("bob@example.org").await.user;
        let admin = shop.admin("admin@example.org").await;

        for caller in [as_user(&stranger), as_user(&admin), system()] {
            let wish = ChangePassword {
                user: victim.id,
                current_password: Secret::new(PASSWORD),
                new_password: Secret::new("another pass phrase"),
            };
            let refused = shop.users.change_password(&caller, wish).await;
            assert_refused!(refused, UserRefusal::NotFound);
        }

        shop.login("ana@example.org", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_disabled_account_is_not_there_for_whoever_still_has_its_token() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let user = shop.register("ana@example.org").await.user;
        let wish =
            UpdateUser { user: user.id, role: None, disabled: Some(true), expected_version: None };
        shop.users.update(&system(), wish).await.unwrap();

        let read = shop.users.user(&as_user(&user), GetUser { user: user.id }).await;
        let by_module = shop.users.user(&system(), GetUser { user: user.id }).await.unwrap();

        assert_refused!(read, UserRefusal::NotFound);
        assert!(by_module.disabled);
    })
    .await;
}

#[tokio::test]
async fn settings_with_which_nothing_can_be_hashed_or_lived_are_refused() {
    on_each_engine("users", async |database| {
        let clock = shop(&database).clock;
        let wrong = [
            UsersSettings { hashing_memory_kib: 1, ..settings() },
            UsersSettings { hashing_passes: 0, ..settings() },
            UsersSettings { access_token_seconds: 0, ..settings() },
        ];

        for settings in wrong {
            let refused = UsersModule::new(database.clone(), clock.clone(), &settings);
            assert!(refused.is_err(), "{settings:?} passed");
        }
    })
    .await;
}

#[tokio::test]
async fn a_burst_that_the_pool_has_no_room_for_is_sent_away_and_signs_nobody_in() {
    on_each_engine("users", async |database| {
        shop(&database).register("ana@example.org").await;
        let shop = shop_with(&database, &UsersSettings { hashing_queue: 1, ..settings() });

        let tries = (0..40).map(|_| shop.login("ana@example.org", PASSWORD));
        let mut signed_in = 0;
        for answer in futures_util::future::join_all(tries).await {
            match answer {
                Ok(_) => signed_in += 1,
                Err(CallError::Failed(failure)) => {
                    assert_eq!(failure.kind, kernel::FailureKind::Overloaded);
                    assert_eq!(failure.executed, kernel::Executed::No);
                    assert!(failure.retry_after.is_some());
                }
                Err(other) => panic!("{other:?}"),
            }
        }

        assert!(signed_in >= 1);
        let sessions = "SELECT COUNT(*) FROM session";
        assert_eq!(database.number(sessions, params![]).await.unwrap(), signed_in + 1);
    })
    .await;
}
