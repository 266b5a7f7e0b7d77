//! Who is signed in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Secret;
use users_contract::{
    ChangePassword, ListKeys, Logout, Refresh, Register, Role, SessionRefusal, SignedIn, User,
    UserRefusal,
};

use super::stage::{ANOTHER, PASSWORD, Stage, login, refresh, registered, registration};
use crate::fresh::{email, guest, stranger, user};
use crate::outcomes::refused;

pub(super) async fn who_registers_is_signed_in_and_can_sign_in_again(users: Stage) {
    let session = registered(&users).await;

    let in_capitals = session.user.email.to_string().to_uppercase().parse().unwrap();
    let again = users.login(&guest(), login(&in_capitals, PASSWORD)).await.unwrap();

    assert_eq!((session.user.role, session.user.disabled), (Role::Buyer, false));
    assert_eq!(again.user.id, session.user.id);
    assert_ne!(again.refresh_token, session.refresh_token);
    assert!(again.expires_in > 0);
}

pub(super) async fn nobody_is_signed_in_by_what_is_wrong(users: Stage) {
    let taken = registered(&users).await.user.email;
    let hasty = Register { password: Secret::new("short"), ..registration(email()) };

    let again = users.register(&guest(), registration(taken.clone())).await;
    let short = users.register(&guest(), hasty).await;
    let wrong = users.login(&guest(), login(&taken, ANOTHER)).await;
    let unknown = users.login(&guest(), login(&email(), PASSWORD)).await;
    let made_up = Refresh { refresh_token: Secret::new("made-up") };
    let unknown_token = users.refresh(&guest(), made_up).await;

    assert_eq!(refused(again), SessionRefusal::EmailTaken);
    assert_eq!(refused(short), SessionRefusal::InvalidPassword);
    assert_eq!(refused(wrong), SessionRefusal::InvalidCredentials);
    assert_eq!(refused(unknown), SessionRefusal::InvalidCredentials);
    assert_eq!(refused(unknown_token), SessionRefusal::InvalidToken);
}

pub(super) async fn a_refresh_token_is_good_for_one_trade_and_a_second_ends_the_session(
    users: Stage,
) {
    let first = registered(&users).await;

    let second = users.refresh(&guest(), refresh(&first)).await.unwrap();
    let reused = users.refresh(&guest(), refresh(&first)).await;
    let over = users.refresh(&guest(), refresh(&second)).await;

    assert_eq!(second.user, first.user);
    assert_eq!(refused(reused), SessionRefusal::TokenReused);
    assert_eq!(refused(over), SessionRefusal::InvalidToken);
}

pub(super) async fn a_session_ends_for_good_and_by_its_owner_alone(users: Stage) {
    let session = registered(&users).await;
    let logout = |session: &SignedIn| Logout { refresh_token: session.refresh_token.clone() };

    users.logout(&stranger(), logout(&session)).await.unwrap();
    let session = users.refresh(&guest(), refresh(&session)).await.unwrap(); // it is not over
    let owner = user(session.user.id);
    users.logout(&owner, logout(&session)).await.unwrap();
    users.logout(&owner, logout(&session)).await.unwrap();

    let over = users.refresh(&guest(), refresh(&session)).await;
    assert_eq!(refused(over), SessionRefusal::InvalidToken);
    let nobody = users.logout(&guest(), logout(&session)).await;
    assert_eq!(refused(nobody), SessionRefusal::InvalidToken);
}

pub(super) async fn an_access_token_names_a_key_that_is_told(users: Stage) {
    let session = registered(&users).await;

    let keys = users.keys(&guest(), ListKeys {}).await.unwrap();

    let header = session.access_token.reveal().split('.').next().unwrap();
    let header = URL_SAFE_NO_PAD.decode(header).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    let key = keys.iter().find(|key| header["kid"] == key.kid).unwrap();
    assert_eq!(URL_SAFE_NO_PAD.decode(&key.x).unwrap().len(), 32);
}

pub(super) async fn a_new_password_ends_every_session(users: Stage) {
    let session = registered(&users).await;
    let User { id, email, .. } = &session.user;
    let change = |current: &str, new: &str| ChangePassword {
        user: *id,
        current_password: Secret::new(current),
        new_password: Secret::new(new),
    };

    let guessed = users.change_password(&user(*id), change(ANOTHER, ANOTHER)).await;
    let short = users.change_password(&user(*id), change(PASSWORD, "short")).await;
    let stolen = users.change_password(&stranger(), change(PASSWORD, ANOTHER)).await;
    users.change_password(&user(*id), change(PASSWORD, ANOTHER)).await.unwrap();

    assert_eq!(refused(guessed), UserRefusal::InvalidCredentials);
    assert_eq!(refused(short), UserRefusal::InvalidPassword);
    assert_eq!(refused(stolen), UserRefusal::NotFound);
    let over = users.refresh(&guest(), refresh(&session)).await;
    assert_eq!(refused(over), SessionRefusal::InvalidToken);
    let old = users.login(&guest(), login(email, PASSWORD)).await;
    assert_eq!(refused(old), SessionRefusal::InvalidCredentials);
    users.login(&guest(), login(email, ANOTHER)).await.unwrap();
}
