use futures_util::future::join_all;
use kernel::CallError;
use testkit::on_each_engine;
use users_contract::{UpdateProfile, User, UserRefusal, Users as _};

use crate::assert_refused;
use crate::shop::{PASSWORD, as_user, email, guest, shop, system};

fn new_email(user: &User, text: &str) -> UpdateProfile {
    UpdateProfile { user: user.id, name: None, email: Some(email(text)), expected_version: None }
}

#[tokio::test]
async fn the_owner_changes_name_and_email() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let user = shop.register("ana@example.org").await.user;
        let wish = UpdateProfile {
            name: Some("Ana María".to_owned().try_into().unwrap()),
            expected_version: Some(1),
            ..new_email(&user, "Ana.Maria@example.org")
        };

        let changed = shop.users.update_profile(&as_user(&user), wish.clone()).await.unwrap();
        let stale = shop.users.update_profile(&as_user(&user), wish).await;
        let case = shop
            .users
            .update_profile(&as_user(&user), new_email(&user, "ANA.maria@example.org"))
            .await
            .unwrap();

        assert_eq!((changed.name.as_str(), changed.version), ("Ana María", 2));
        assert_refused!(stale, UserRefusal::PreconditionFailed);
        assert_eq!((case.name, case.version), (changed.name, 3));
        shop.login("ana.maria@example.org", PASSWORD).await.unwrap();
        shop.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_changes_the_profile_of_somebody_else() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let victim = shop.register("ana@example.org").await.user;
        let stranger = shop.register("bob@example.org").await.user;
        let admin = shop.admin("admin@example.org").await;

        for caller in [guest(), as_user(&stranger), as_user(&admin), system()] {
            let refused =
                shop.users.update_profile(&caller, new_email(&victim, "x@example.org")).await;
            assert_refused!(refused, UserRefusal::NotFound);
        }
    })
    .await;
}

#[tokio::test]
async fn of_many_who_take_one_email_at_once_one_gets_it() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let mut users = Vec::new();
        for n in 0..8 {
            users.push(shop.register(&format!("ana{n}@example.org")).await.user);
        }

        let takers = users.iter().enumerate().map(|(n, user)| {
            let wanted = if n % 2 == 0 { "new@example.org" } else { "NEW@example.org" };
            let (shop, user, wish) = (shop.clone(), user.clone(), new_email(user, wanted));
            tokio::spawn(async move { shop.users.update_profile(&as_user(&user), wish).await })
        });
        let mut takers: Vec<_> = join_all(takers).await.into_iter().map(Result::unwrap).collect();

        takers.retain(|answer| match answer {
            Ok(_) => true,
            Err(CallError::Refused(UserRefusal::EmailTaken)) => false,
            Err(other) => panic!("{other:?}"),
        });
        assert_eq!(takers.len(), 1);
        shop.login("new@example.org", PASSWORD).await.unwrap();
        shop.assert_sound().await;
    })
    .await;
}
