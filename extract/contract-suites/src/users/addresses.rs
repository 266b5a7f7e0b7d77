//! What lies in whose address book.

use futures_util::future::join_all;
use kernel::{AddressId, CallError};
use users_contract::{AddAddress, AddressRefusal, ListAddresses, RemoveAddress, UpdateAddress};

use super::stage::{Stage, registered};
use crate::fresh::{guest, postal, staff, stranger, user};
use crate::outcomes::refused;

pub(super) async fn an_address_book_is_its_owners_alone(users: Stage) {
    let id = registered(&users).await.user.id;
    let (owner, list) = (user(id), || ListAddresses { user: id });
    let add = |line: &str| AddAddress { user: id, postal: postal(line) };
    let move_to = |address, line: &str| UpdateAddress { user: id, address, postal: postal(line) };

    let first = users.add_address(&owner, add("Street 1")).await.unwrap();
    let second = users.add_address(&owner, add("Street 2")).await.unwrap();
    let moved = users.update_address(&owner, move_to(first.id, "Street 3")).await.unwrap();

    assert_eq!((moved.id, &moved.postal), (first.id, &postal("Street 3")));
    assert_eq!(users.addresses(&owner, list()).await.unwrap(), [moved, second.clone()]);
    let remove = || RemoveAddress { user: id, address: first.id };
    for may_not in [guest(), stranger(), staff()] {
        let refusals = [
            refused(users.addresses(&may_not, list()).await),
            refused(users.add_address(&may_not, add("Street 4")).await),
            refused(users.update_address(&may_not, move_to(first.id, "Street 4")).await),
            refused(users.remove_address(&may_not, remove()).await),
        ];
        assert_eq!(refusals, [const { AddressRefusal::NotFound }; 4]);
    }
    users.remove_address(&owner, remove()).await.unwrap();
    let gone = [
        refused(users.remove_address(&owner, remove()).await),
        refused(users.update_address(&owner, move_to(AddressId::generate(), "Street 4")).await),
    ];
    assert_eq!(gone, [const { AddressRefusal::NotFound }; 2]);
    assert_eq!(users.addresses(&owner, list()).await.unwrap(), [second]);
}

pub(super) async fn an_address_book_has_an_end(users: Stage) {
    let id = registered(&users).await.user.id;
    let owner = user(id);
    let (mut added, mut most) = (0, None);

    while most.is_none() {
        let some = (0..50).map(async |_| {
            users.add_address(&owner, AddAddress { user: id, postal: postal("Street 1") }).await
        });
        for outcome in join_all(some).await {
            match outcome {
                Ok(_) => added += 1,
                Err(CallError::Refused(AddressRefusal::TooMany { most: told })) => {
                    most = Some(told);
                }
                Err(error) => panic!("{error:?}"),
            }
        }
    }

    assert_eq!(most, Some(added));
    let all = users.addresses(&owner, ListAddresses { user: id }).await.unwrap();
    assert_eq!(u32::try_from(all.len()), Ok(added));
}
