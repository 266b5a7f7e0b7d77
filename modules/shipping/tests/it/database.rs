use shipping::audit;
use testkit::on_each_engine;

#[tokio::test]
async fn its_database_opens_like_any_other_and_nothing_in_it_is_wrong() {
    on_each_engine("shipping", async |database| {
        assert_eq!(database.module(), &shipping::MODULE);
        assert_eq!(audit(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}
