use futures_util::future::join_all;
use kernel::{CallError, Secret};
use platform::{Sql as _, params};
use testkit::on_each_engine;
use users_contract::{GetUser, Register, Role, SessionRefusal, UserRegistered, Users as _};

use crate::assert_refused;
use crate::shop::{PASSWORD, as_user, guest, registration, shop};

#[tokio::test]
async fn of_many_who_register_one_email_at_once_one_gets_the_account() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);

        let tries = (0..24).map(|n| {
            let shop = shop.clone();
            let email = if n % 2 == 0 { "Ana@Example.org" } else { "ana@example.ORG" };
            tokio::spawn(async move { shop.users.register(&guest(), registration(email)).await })
        });
        let mut accounts = Vec::new();
        for answer in join_all(tries).await {
            match answer.unwrap() {
                Ok(signed_in) => accounts.push(signed_in.user.id),
                Err(CallError::Refused(SessionRefusal::EmailTaken)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }

        assert_eq!(accounts.len(), 1);
        let count = "SELECT COUNT(*) FROM account";
        assert_eq!(database.number(count, params![]).await.unwrap(), 1);
        shop.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_new_account_is_a_buyers_and_can_sign_in_whatever_the_case() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);

        let registered = shop.register("Ana@Example.org").await;
        let signed_in = shop.login("aNA@exAMPLE.org", PASSWORD).await.unwrap();

        assert_eq!(registered.user.role, Role::Buyer);
        assert_eq!(registered.user.email.as_str(), "Ana@Example.org");
        assert_eq!(registered.expires_in, 900);
        assert_eq!(signed_in.user, registered.user);
        let own = GetUser { user: registered.user.id };
        let read = shop.users.user(&as_user(&registered.user), own).await.unwrap();
        assert_eq!(read, registered.user);
    })
    .await;
}

#[tokio::test]
async fn registering_tells_it_once_with_personal_data_apart() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);

        let user = shop.register("ana@example.org").await.user;
        let again = shop.users.register(&guest(), registration("ana@example.org")).await;

        assert_refused!(again, SessionRefusal::EmailTaken);
        let told = database.query("SELECT name, key, data FROM outbox", params![]).await.unwrap();
        let [event] = told.as_slice() else { panic!("{} events", told.len()) };
        let text = |column| event.try_get_by_index::<String>(column).unwrap();
        assert_eq!(
            (text(0), text(1)),
            ("users.user-registered.v1".to_owned(), user.id.to_string())
        );
        let event: UserRegistered = serde_json::from_str(&text(2)).unwrap();
        let personal = event.personal.unwrap();
        assert_eq!((personal.email, personal.name), (user.email, user.name));
        let blanked = serde_json::json!({"user_id": user.id, "personal": null});
        let blanked: UserRegistered = serde_json::from_value(blanked).unwrap();
        assert_eq!(blanked.personal, None);
    })
    .await;
}

#[tokio::test]
async fn a_password_of_the_wrong_length_is_refused_before_it_is_hashed() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);

        for bad in ["elevenchars", &"x".repeat(129)] {
            let wish = Register { password: Secret::new(bad), ..registration("ana@example.org") };
            let refused = shop.users.register(&guest(), wish).await;
            assert_refused!(refused, SessionRefusal::InvalidPassword);
        }

        assert_eq!(shop.users.passwords_hashed(), 0);
        let count = "SELECT COUNT(*) FROM account";
        assert_eq!(database.number(count, params![]).await.unwrap(), 0);
    })
    .await;
}
