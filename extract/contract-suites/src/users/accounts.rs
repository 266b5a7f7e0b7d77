//! Who has an account, and what it may do.

use kernel::{PageRequest, Principal, UserId};
use users_contract::{
    CreateAdmin, GetUser, ListUsers, Register, Role, SessionRefusal, UpdateProfile, UpdateUser,
    User, UserRefusal,
};

use super::stage::{PASSWORD, Stage, admin, login, refresh, registered, registration};
use crate::fresh::{call, email, guest, staff, stranger, system, user};
use crate::outcomes::{assert_denied, refused};
use crate::pages::{lost, pages};

pub(super) async fn an_account_is_shown_to_its_owner_and_to_admins_alone(users: Stage) {
    let (account, admin) = (registered(&users).await.user, admin(&users).await);
    let get = || GetUser { user: account.id };

    for may in [user(account.id), admin.clone()] {
        assert_eq!(users.user(&may, get()).await.unwrap(), account);
    }
    for may_not in [guest(), stranger(), staff()] {
        assert_eq!(refused(users.user(&may_not, get()).await), UserRefusal::NotFound);
    }
    let nobody = users.user(&admin, GetUser { user: UserId::generate() }).await;
    assert_eq!(refused(nobody), UserRefusal::NotFound);
}

pub(super) async fn accounts_are_listed_to_admins_alone_newest_first_and_to_the_end(users: Stage) {
    let admin = admin(&users).await;
    let (older, newer) = (registered(&users).await.user, registered(&users).await.user);
    let first = || ListUsers { page: PageRequest { limit: 7, cursor: None } };

    let all = pages(7, async |page| users.list(&admin, ListUsers { page }).await).await;

    assert!(all.is_sorted_by(|one, next| one.created_at >= next.created_at));
    let of_ours: Vec<_> = all.iter().filter(|one| [older.id, newer.id].contains(&one.id)).collect();
    assert_eq!(of_ours, [&newer, &older]);
    for may_not in [guest(), user(older.id), staff()] {
        assert_eq!(refused(users.list(&may_not, first()).await), UserRefusal::Forbidden);
    }
    let nowhere = users.list(&admin, ListUsers { page: lost() }).await;
    assert_eq!(refused(nowhere), UserRefusal::UnknownCursor);
}

pub(super) async fn a_profile_changes_as_its_owner_says_and_from_what_they_read(users: Stage) {
    let (before, other) = (registered(&users).await.user, registered(&users).await.user);
    let wish = UpdateProfile {
        user: before.id,
        name: Some("Ana Bo".to_owned().try_into().unwrap()),
        email: None,
        expected_version: Some(before.version),
    };
    let theirs =
        UpdateProfile { email: Some(other.email.clone()), expected_version: None, ..wish.clone() };

    let after = users.update_profile(&user(before.id), wish.clone()).await.unwrap();
    let stale = users.update_profile(&user(before.id), wish.clone()).await;
    let taken = users.update_profile(&user(before.id), theirs).await;
    let stolen = users.update_profile(&user(other.id), wish).await;

    assert_eq!((after.name.as_str(), &after.email), ("Ana Bo", &before.email));
    assert!(after.version > before.version);
    assert_eq!(refused(stale), UserRefusal::PreconditionFailed);
    assert_eq!(refused(taken), UserRefusal::EmailTaken);
    assert_eq!(refused(stolen), UserRefusal::NotFound);
    let kept = users.user(&user(before.id), GetUser { user: before.id }).await.unwrap();
    assert_eq!(kept, after);
}

pub(super) async fn rights_are_given_and_taken_by_admins_alone(users: Stage) {
    let (admin, session) = (admin(&users).await, registered(&users).await);
    let before = &session.user;
    let promote = UpdateUser {
        role: Some(Role::Staff),
        expected_version: Some(before.version),
        ..no_change(before)
    };
    let shut_out = UpdateUser { disabled: Some(true), ..no_change(before) };

    for may_not in [guest(), user(before.id), staff()] {
        let refusal = refused(users.update(&may_not, promote.clone()).await);
        assert_eq!(refusal, UserRefusal::Forbidden);
    }
    let promoted = users.update(&admin, promote.clone()).await.unwrap();
    let stale = users.update(&admin, promote).await;
    let nobody = UpdateUser { user: UserId::generate(), ..shut_out.clone() };
    let unknown = users.update(&admin, nobody).await;
    let disabled = users.update(&admin, shut_out).await.unwrap();

    assert_eq!((promoted.role, promoted.disabled), (Role::Staff, false));
    assert_eq!(refused(stale), UserRefusal::PreconditionFailed);
    assert_eq!(refused(unknown), UserRefusal::NotFound);
    assert_eq!((disabled.role, disabled.disabled), (Role::Staff, true));
    let over = users.refresh(&guest(), refresh(&session)).await;
    assert_eq!(refused(over), SessionRefusal::InvalidToken);
    let again = users.login(&guest(), login(&before.email, PASSWORD)).await;
    assert_eq!(refused(again), SessionRefusal::InvalidCredentials);
}

pub(super) async fn an_admin_is_made_once_and_by_modules_alone(users: Stage) {
    let Register { email, password, name } = registration(email());
    let wish = CreateAdmin { email, password, name };

    let made = users.create_admin(&system(), wish.clone()).await.unwrap();
    let again = users.create_admin(&system(), wish.clone()).await.unwrap();

    assert_eq!(made.role, Role::Admin);
    assert_eq!(again, made);
    for may_not in [guest(), staff(), call(Principal::Admin { id: made.id })] {
        assert_denied(users.create_admin(&may_not, wish.clone()).await);
    }
}

fn no_change(user: &User) -> UpdateUser {
    UpdateUser { user: user.id, role: None, disabled: None, expected_version: None }
}
