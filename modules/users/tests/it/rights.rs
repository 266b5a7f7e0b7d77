use futures_util::future::join;
use kernel::{CallError, FailureKind, PageRequest, Secret};
use platform::{Sql as _, params};
use testkit::on_each_engine;
use users_contract::{
    CreateAdmin, GetUser, ListUsers, Register, Role, SessionRefusal, UpdateUser, User, UserRefusal,
    Users as _,
};

use crate::assert_refused;
use crate::shop::{PASSWORD, Shop, as_user, guest, registration, shop, system};

fn role(user: &User, role: Role) -> UpdateUser {
    UpdateUser { user: user.id, role: Some(role), disabled: None, expected_version: None }
}

fn disabled(user: &User, disabled: bool) -> UpdateUser {
    UpdateUser { user: user.id, role: None, disabled: Some(disabled), expected_version: None }
}

async fn live_admins(shop: &Shop) -> i64 {
    let count = "SELECT COUNT(*) FROM account WHERE role = 'admin' AND NOT disabled";
    shop.database.number(count, params![]).await.unwrap()
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let (last, gone) =
            (shop.admin("last@example.org").await, shop.admin("gone@example.org").await);
        let own = as_user(&last);
        shop.users.update(&own, disabled(&gone, true)).await.unwrap();

        for wish in [role(&last, Role::Staff), disabled(&last, true)] {
            let refused = shop.users.update(&own, wish).await;
            assert_refused!(refused, UserRefusal::LastAdmin);
        }

        assert_eq!(live_admins(&shop).await, 1);
        shop.users.update(&own, role(&gone, Role::Buyer)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_admins_who_step_down_at_once_leave_one() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let (ana, bob) = (shop.admin("ana@example.org").await, shop.admin("bob@example.org").await);

        for round in 0..8 {
            let step_down = |user: &User| {
                let (shop, user) = (shop.clone(), user.clone());
                let wish =
                    if round % 2 == 0 { role(&user, Role::Buyer) } else { disabled(&user, true) };
                tokio::spawn(async move { shop.users.update(&as_user(&user), wish).await })
            };
            let (first, second) = join(step_down(&ana), step_down(&bob)).await;

            let (first, second) = (first.unwrap(), second.unwrap());
            assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
            let refused = if first.is_err() { first } else { second };
            assert_refused!(refused, UserRefusal::LastAdmin);
            for user in [&ana, &bob] {
                shop.users.update(&system(), disabled(user, false)).await.unwrap();
                shop.users.update(&system(), role(user, Role::Admin)).await.unwrap();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn two_admins_who_put_each_other_down_at_once_leave_one() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let (ana, bob) = (shop.admin("ana@example.org").await, shop.admin("bob@example.org").await);

        let put_down = |by: &User, whom: &User| {
            let (shop, call, wish) = (shop.clone(), as_user(by), role(whom, Role::Buyer));
            tokio::spawn(async move { shop.users.update(&call, wish).await })
        };
        let (first, second) = join(put_down(&ana, &bob), put_down(&bob, &ana)).await;

        let (first, second) = (first.unwrap(), second.unwrap());
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        assert_refused!(if first.is_err() { first } else { second }, UserRefusal::Forbidden);
        assert_eq!(live_admins(&shop).await, 1);
    })
    .await;
}

#[tokio::test]
async fn who_is_no_admin_any_more_may_nothing_with_the_token_of_one() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let (ana, bob) = (shop.admin("ana@example.org").await, shop.admin("bob@example.org").await);
        shop.users.update(&as_user(&ana), role(&bob, Role::Buyer)).await.unwrap();
        let stale = as_user(&bob);

        let back = shop.users.update(&stale, role(&bob, Role::Admin)).await;
        let read = shop.users.user(&stale, GetUser { user: ana.id }).await;
        let list = shop.users.list(&stale, ListUsers { page: PageRequest::default() }).await;

        assert_refused!(back, UserRefusal::Forbidden);
        assert_refused!(read, UserRefusal::NotFound);
        assert_refused!(list, UserRefusal::Forbidden);
    })
    .await;
}

#[tokio::test]
async fn another_role_or_being_shut_out_ends_the_sessions() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let (ana, bob) =
            (shop.register("ana@example.org").await, shop.register("bob@example.org").await);

        let staff = shop.users.update(&system(), role(&ana.user, Role::Staff)).await.unwrap();
        let out = shop.users.update(&system(), disabled(&bob.user, true)).await.unwrap();

        assert_eq!((staff.role, staff.version), (Role::Staff, 2));
        assert_eq!((out.disabled, out.version), (true, 2));
        for ended in [&ana, &bob] {
            assert_refused!(shop.refresh(ended).await, SessionRefusal::InvalidToken);
        }
        let again = shop.login("ana@example.org", PASSWORD).await.unwrap();
        assert_eq!(again.user.role, Role::Staff);
        let same = shop.users.update(&system(), role(&ana.user, Role::Staff)).await.unwrap();
        assert_eq!(same.version, 2);
        shop.refresh(&again).await.unwrap(); // what changes nothing ends nothing
        shop.users.update(&system(), disabled(&bob.user, false)).await.unwrap();
        shop.login("bob@example.org", PASSWORD).await.unwrap();
        shop.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn only_admins_see_and_change_others() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let victim = shop.register("ana@example.org").await.user;
        let buyer = shop.register("bob@example.org").await.user;
        let staff = shop.register("cleo@example.org").await.user;
        let staff = shop.users.update(&system(), role(&staff, Role::Staff)).await.unwrap();

        for caller in [guest(), as_user(&buyer), as_user(&staff)] {
            let read = shop.users.user(&caller, GetUser { user: victim.id }).await;
            let list = shop.users.list(&caller, ListUsers { page: PageRequest::default() }).await;
            let change = shop.users.update(&caller, role(&victim, Role::Staff)).await;
            assert_refused!(read, UserRefusal::NotFound);
            assert_refused!(list, UserRefusal::Forbidden);
            assert_refused!(change, UserRefusal::Forbidden);
        }

        let admin = as_user(&shop.admin("admin@example.org").await);
        let read = shop.users.user(&admin, GetUser { user: victim.id }).await.unwrap();
        assert_eq!(read, victim);
        let stale = UpdateUser { expected_version: Some(7), ..role(&victim, Role::Staff) };
        assert_refused!(shop.users.update(&admin, stale).await, UserRefusal::PreconditionFailed);
    })
    .await;
}

#[tokio::test]
async fn an_admin_is_made_once_by_modules_alone() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let wish = |password: &str| {
            let Register { email, name, .. } = registration("Admin@example.org");
            CreateAdmin { email, password: Secret::new(password), name }
        };

        let makers = (0..8).map(|_| {
            let (shop, wish) = (shop.clone(), wish(PASSWORD));
            tokio::spawn(async move { shop.users.create_admin(&system(), wish).await })
        });
        let mut made = Vec::new();
        for maker in makers.collect::<Vec<_>>() {
            made.push(maker.await.unwrap().unwrap());
        }
        let again = shop.users.create_admin(&system(), wish("another pass phrase")).await.unwrap();
        let short = shop.users.create_admin(&system(), wish("short")).await;
        let by_admin = shop.users.create_admin(&as_user(&again), wish(PASSWORD)).await;

        assert!(made.iter().all(|user| *user == again), "{made:?}");
        assert_eq!((again.role, again.version), (Role::Admin, 1));
        assert_refused!(short, UserRefusal::InvalidPassword);
        let Err(CallError::Failed(denied)) = by_admin else { panic!("{by_admin:?}") };
        assert_eq!(denied.kind, FailureKind::Denied);
        shop.login("admin@example.org", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_buyer_who_is_made_an_admin_signs_in_anew_with_the_given_password_alone() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let buyer = shop.register("ana@example.org").await;
        let Register { email, name, .. } = registration("ANA@example.org");
        let password = Secret::new("another pass phrase");

        let wish = CreateAdmin { email, password, name };
        let admin = shop.users.create_admin(&system(), wish).await.unwrap();

        assert_eq!((admin.id, admin.role), (buyer.user.id, Role::Admin));
        assert_refused!(shop.refresh(&buyer).await, SessionRefusal::InvalidToken);
        assert!(shop.login("ana@example.org", PASSWORD).await.is_err());
        shop.login("ana@example.org", "another pass phrase").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_list_shows_every_account_once_newest_first() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let admin = as_user(&shop.admin("admin@example.org").await);
        for n in 0..6 {
            if n % 2 == 0 {
                shop.clock.advance(std::time::Duration::from_secs(1));
            }
            shop.register(&format!("ana{n}@example.org")).await;
        }

        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = PageRequest { limit: 3, cursor };
            let page = shop.users.list(&admin, ListUsers { page }).await.unwrap();
            seen.extend(page.items.iter().map(|user| user.email.to_string()));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }

        let mut newest_first: Vec<String> =
            (0..6).rev().map(|n| format!("ana{n}@example.org")).collect();
        newest_first.push("admin@example.org".to_owned());
        assert_eq!(seen, newest_first);
        let page = PageRequest { limit: 3, cursor: Some("x".to_owned()) };
        let refused = shop.users.list(&admin, ListUsers { page }).await;
        assert_refused!(refused, UserRefusal::UnknownCursor);
    })
    .await;
}
