use kernel::Timestamp;
use platform::{Sql as _, UnitOfWork, params};
use testkit::on_each_engine;
use users::audit;

use crate::shop::shop;

#[tokio::test]
async fn what_does_not_add_up_is_named() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let signed_in = shop.register("ana@example.org").await;
        shop.refresh(&signed_in).await.unwrap();
        shop.assert_sound().await;

        let uow = UnitOfWork::begin(&database, Timestamp::from_micros(0)).await.unwrap();
        for damage in [
            "UPDATE account SET email_folded = 'other@example.org', addresses = 1, disabled = TRUE",
            "UPDATE refresh_token SET used_at = NULL",
        ] {
            uow.run(damage, params![]).await.unwrap();
        }
        uow.commit().await.unwrap();

        let lines = audit(&database).await.unwrap();
        let account = signed_in.user.id.to_string();
        let session = database.query("SELECT id FROM session", params![]).await.unwrap();
        let session: String = session[0].try_get_by_index(0).unwrap();
        assert_eq!(
            lines,
            [
                format!("account {account} is not found by its e-mail"),
                format!("account {account} counts its addresses wrong"),
                format!("session {session} has more than one token to trade"),
                format!("session {session} is of an account that is shut out"),
            ]
        );
    })
    .await;
}
