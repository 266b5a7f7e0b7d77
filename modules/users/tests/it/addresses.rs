use futures_util::future::join_all;
use kernel::{AddressId, CallError, PostalAddress};
use testkit::on_each_engine;
use users_contract::{
    AddAddress, Address, AddressRefusal, ListAddresses, RemoveAddress, UpdateAddress, UpdateUser,
    User, Users as _,
};

use crate::assert_refused;
use crate::shop::{Shop, as_user, guest, shop, system};

fn postal(city: &str) -> PostalAddress {
    serde_json::from_value(serde_json::json!({
        "name": "Ana", "line1": "Rua 1", "city": city, "postal_code": "1000-001", "country": "PT",
    }))
    .unwrap()
}

async fn add(shop: &Shop, user: &User, city: &str) -> Result<Address, CallError<AddressRefusal>> {
    let wish = AddAddress { user: user.id, postal: postal(city) };
    shop.users.add_address(&as_user(user), wish).await
}

async fn cities(shop: &Shop, user: &User) -> Vec<String> {
    let wish = ListAddresses { user: user.id };
    let book = shop.users.addresses(&as_user(user), wish).await.unwrap();
    book.into_iter().map(|address| address.postal.city.to_string()).collect()
}

#[tokio::test]
async fn an_address_is_added_changed_and_removed() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let user = shop.register("ana@example.org").await.user;
        let own = as_user(&user);

        let lisbon = add(&shop, &user, "Lisboa").await.unwrap();
        add(&shop, &user, "Porto").await.unwrap();
        let faro = UpdateAddress { user: user.id, address: lisbon.id, postal: postal("Faro") };
        let faro = shop.users.update_address(&own, faro).await.unwrap();

        assert_eq!(faro.id, lisbon.id);
        assert_eq!(cities(&shop, &user).await, ["Faro", "Porto"]);
        let remove = RemoveAddress { user: user.id, address: lisbon.id };
        shop.users.remove_address(&own, remove.clone()).await.unwrap();
        let again = shop.users.remove_address(&own, remove).await;
        assert_refused!(again, AddressRefusal::NotFound);
        assert_eq!(cities(&shop, &user).await, ["Porto"]);
        shop.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_book_has_a_hundred_entries_however_many_are_added_at_once() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let user = shop.register("ana@example.org").await.user;

        let mut added = Vec::new();
        for n in 0..92 {
            added.push(add(&shop, &user, &format!("City {n}")).await.unwrap().id);
        }

        let adders = (92..108).map(|n| {
            let (shop, user) = (shop.clone(), user.clone());
            tokio::spawn(async move { add(&shop, &user, &format!("City {n}")).await })
        });
        for answer in join_all(adders).await {
            match answer.unwrap() {
                Ok(address) => added.push(address.id),
                Err(CallError::Refused(AddressRefusal::TooMany { most: 100 })) => {}
                Err(other) => panic!("{other:?}"),
            }
        }

        assert_eq!(added.len(), 100);
        assert_eq!(cities(&shop, &user).await.len(), 100);
        let remove = RemoveAddress { user: user.id, address: added[0] };
        shop.users.remove_address(&as_user(&user), remove).await.unwrap();
        add(&shop, &user, "Porto").await.unwrap();
        shop.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_but_the_owner_is_let_at_an_address() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let owner = shop.register("ana@example.org").await.user;
        let stranger = shop.register("bob@example.org").await.user;
        let admin = shop.admin("admin@example.org").await;
        let address = add(&shop, &owner, "Lisboa").await.unwrap().id;

        for caller in [guest(), as_user(&stranger), as_user(&admin), system()] {
            let user = owner.id;
            let list = shop.users.addresses(&caller, ListAddresses { user }).await;
            assert_refused!(list, AddressRefusal::NotFound);
            let wish = AddAddress { user, postal: postal("Porto") };
            assert_refused!(shop.users.add_address(&caller, wish).await, AddressRefusal::NotFound);
            let wish = UpdateAddress { user, address, postal: postal("Porto") };
            let update = shop.users.update_address(&caller, wish).await;
            assert_refused!(update, AddressRefusal::NotFound);
            let remove = shop.users.remove_address(&caller, RemoveAddress { user, address }).await;
            assert_refused!(remove, AddressRefusal::NotFound);
        }

        assert_eq!(cities(&shop, &owner).await, ["Lisboa"]);
    })
    .await;
}

#[tokio::test]
async fn the_id_of_somebody_elses_address_is_as_good_as_none() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let owner = shop.register("ana@example.org").await.user;
        let stranger = shop.register("bob@example.org").await.user;
        let theirs = add(&shop, &owner, "Lisboa").await.unwrap().id;
        let own = as_user(&stranger);

        for address in [theirs, AddressId::generate()] {
            let wish = UpdateAddress { user: stranger.id, address, postal: postal("Porto") };
            let update = shop.users.update_address(&own, wish).await;
            let wish = RemoveAddress { user: stranger.id, address };
            let remove = shop.users.remove_address(&own, wish).await;
            assert_refused!(update, AddressRefusal::NotFound);
            assert_refused!(remove, AddressRefusal::NotFound);
        }

        assert_eq!(cities(&shop, &owner).await, ["Lisboa"]);
        shop.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn who_is_shut_out_adds_nothing() {
    on_each_engine("users", async |database| {
        let shop = shop(&database);
        let user = shop.register("ana@example.org").await.user;
        let wish =
            UpdateUser { user: user.id, role: None, disabled: Some(true), expected_version: None };
        shop.users.update(&system(), wish).await.unwrap();

        assert_refused!(add(&shop, &user, "Lisboa").await, AddressRefusal::NotFound);
    })
    .await;
}
