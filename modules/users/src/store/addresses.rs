use kernel::{AddressId, Failure, PostalAddress, UserId};
use platform::{FromQueryResult, Sql, UnitOfWork, params, parsed};
use users_contract::Address;

/// The most entries that an address book has.
pub(crate) const MOST: u32 = 100;

/// Address books, as a unit of work changes them.
pub(crate) struct AddressBooks<'uow> {
    uow: &'uow UnitOfWork,
}

#[derive(FromQueryResult)]
struct AddressRow {
    id: String,
    postal: String,
}

/// The entries of an account's book, oldest first.
pub(crate) async fn of(sql: &impl Sql, user: UserId) -> Result<Vec<Address>, Failure> {
    let select =
        "SELECT id, postal FROM address WHERE account_id = $1 ORDER BY created_at, id LIMIT $2";
    let rows: Vec<AddressRow> = sql.all(select, params![user, MOST]).await?;
    rows.into_iter().map(AddressRow::into_address).collect()
}

impl<'uow> AddressBooks<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
    }

    /// Adds an entry, if the book of a live account has room.
    pub(crate) async fn add(
        &self,
        user: UserId,
        postal: &PostalAddress,
    ) -> Result<Option<Address>, Failure> {
        let take = "UPDATE account SET addresses = addresses + 1 WHERE id = $1 AND addresses < $2 AND NOT disabled";
        if self.uow.run(take, params![user, MOST]).await? == 0 {
            return Ok(None);
        }
        let address = Address { id: AddressId::generate(), postal: postal.clone() };
        let insert =
            "INSERT INTO address (id, account_id, postal, created_at) VALUES ($1, $2, $3, $4)";
        let values = params![address.id, user, text(postal)?, self.uow.now()];
        self.uow.run(insert, values).await?;
        Ok(Some(address))
    }

    /// Replaces an entry of an account's book; says whether there was one.
    pub(crate) async fn replace(&self, user: UserId, address: &Address) -> Result<bool, Failure> {
        let update = "UPDATE address SET postal = $3 WHERE id = $1 AND account_id = $2";
        let values = params![address.id, user, text(&address.postal)?];
        Ok(self.uow.run(update, values).await? == 1)
    }

    /// Removes an entry of an account's book; says whether there was one.
    pub(crate) async fn remove(&self, user: UserId, address: AddressId) -> Result<bool, Failure> {
        let delete = "DELETE FROM address WHERE id = $1 AND account_id = $2";
        if self.uow.run(delete, params![address, user]).await? == 0 {
            return Ok(false);
        }
        let give = "UPDATE account SET addresses = addresses - 1 WHERE id = $1";
        self.uow.run(give, params![user]).await?;
        Ok(true)
    }
}

fn text(postal: &PostalAddress) -> Result<String, Failure> {
    serde_json::to_string(postal).map_err(Failure::internal)
}

impl AddressRow {
    fn into_address(self) -> Result<Address, Failure> {
        let postal = serde_json::from_str(&self.postal).map_err(Failure::internal)?;
        Ok(Address { id: parsed(&self.id)?, postal })
    }
}
