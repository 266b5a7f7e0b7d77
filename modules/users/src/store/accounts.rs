use kernel::{Email, Failure, Label, Timestamp, UserId};
use platform::{FromQueryResult, Sql, UnitOfWork, is_taken, params, parsed};
use users_contract::{Role, UpdateProfile, User};

const COLUMNS: &str = "id, email, name, role, disabled, password_hash, created_at, version";

/// An account with what only this module may know of it.
pub(crate) struct Account {
    pub(crate) user: User,
    pub(crate) password_hash: String,
}

/// What a new account is made of.
pub(crate) struct NewAccount<'a> {
    pub(crate) email: &'a Email,
    pub(crate) name: &'a Label<200>,
    pub(crate) role: Role,
    pub(crate) password_hash: &'a str,
}

/// What came of changing a profile.
pub(crate) enum ProfileChange {
    Done(User),
    EmailTaken,
    /// There is no such live account, or not at that version.
    NoMatch,
}

/// The accounts, as a unit of work changes them.
pub(crate) struct Accounts<'uow> {
    uow: &'uow UnitOfWork,
}

#[derive(FromQueryResult)]
struct AccountRow {
    id: String,
    email: String,
    name: String,
    role: String,
    disabled: bool,
    password_hash: String,
    created_at: i64,
    version: i64,
}

/// An account, shut out or not.
pub(crate) async fn find(sql: &impl Sql, id: UserId) -> Result<Option<Account>, Failure> {
    let select = format!("SELECT {COLUMNS} FROM account WHERE id = $1");
    row(sql.first(&select, params![id]).await?)
}

/// The account of an e-mail, in any case.
pub(crate) async fn find_by_email(
    sql: &impl Sql,
    email: &Email,
) -> Result<Option<Account>, Failure> {
    let select = format!("SELECT {COLUMNS} FROM account WHERE email_folded = $1");
    row(sql.first(&select, params![email.folded()]).await?)
}

/// The accounts made before one, newest first.
pub(crate) async fn made_before(
    sql: &impl Sql,
    before: Option<(Timestamp, UserId)>,
    limit: u32,
) -> Result<Vec<User>, Failure> {
    let select = format!(
        "SELECT {COLUMNS} FROM account WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3"
    );
    let values = match before {
        Some((created_at, id)) => params![created_at, id, limit],
        None => params![i64::MAX, "", limit],
    };
    let rows: Vec<AccountRow> = sql.all(&select, values).await?;
    rows.into_iter().map(|row| Ok(row.into_account()?.user)).collect()
}

impl<'uow> Accounts<'uow> {
    pub(crate) fn new(uow: &'uow UnitOfWork) -> Self {
        Self { uow }
    }

    /// Makes an account, unless the e-mail has one.
    pub(crate) async fn open(&self, account: &NewAccount<'_>) -> Result<Option<User>, Failure> {
        let insert = format!(
            "INSERT INTO account (id, email, email_folded, name, role, disabled, password_hash, addresses, created_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 1) ON CONFLICT (email_folded) DO NOTHING RETURNING {COLUMNS}"
        );
        let values = params![
            UserId::generate(),
            account.email,
            account.email.folded(),
            account.name,
            role_name(account.role),
            false,
            account.password_hash,
            self.uow.now(),
        ];
        Ok(row(self.uow.first(&insert, values).await?)?.map(|account| account.user))
    }

    /// Notes that somebody signs in with the hash that was compared, and keeps the account from changing until the unit
    /// of work ends. None if the account was shut out since, or its password changed.
    pub(crate) async fn sign_in(
        &self,
        account: &Account,
        renewed_hash: Option<&str>,
    ) -> Result<Option<User>, Failure> {
        let update = format!(
            "UPDATE account SET signed_in_at = $3, password_hash = COALESCE($4, password_hash) \
             WHERE id = $1 AND password_hash = $2 AND NOT disabled RETURNING {COLUMNS}"
        );
        let seen = &account.password_hash;
        let values = params![account.user.id, seen, self.uow.now(), renewed_hash];
        Ok(row(self.uow.first(&update, values).await?)?.map(|account| account.user))
    }

    /// Sets another password, unless it changed since the hash was read or the account is shut out.
    pub(crate) async fn change_password(
        &self,
        account: &Account,
        hash: &str,
    ) -> Result<bool, Failure> {
        let update = "UPDATE account SET password_hash = $3, version = version + 1 \
                      WHERE id = $1 AND password_hash = $2 AND NOT disabled";
        let values = params![account.user.id, account.password_hash, hash];
        Ok(self.uow.run(update, values).await? == 1)
    }

    /// Sets another password, whatever the last one was.
    pub(crate) async fn set_password(&self, user: UserId, hash: &str) -> Result<(), Failure> {
        let update = "UPDATE account SET password_hash = $2 WHERE id = $1";
        self.uow.run(update, params![user, hash]).await.map(|_| ())
    }

    /// Changes name and e-mail of a live account; what is absent stays.
    pub(crate) async fn change_profile(
        &self,
        wish: &UpdateProfile,
    ) -> Result<ProfileChange, Failure> {
        let update = format!(
            "UPDATE account SET name = COALESCE($2, name), email = COALESCE($3, email), \
             email_folded = COALESCE($4, email_folded), version = version + 1 \
             WHERE id = $1 AND NOT disabled AND version = COALESCE($5, version) RETURNING {COLUMNS}"
        );
        let folded = wish.email.as_ref().map(Email::folded);
        let values = params![wish.user, wish.name, wish.email, folded, wish.expected_version];
        match self.uow.first(&update, values).await {
            Ok(found) => Ok(match row(found)? {
                Some(account) => ProfileChange::Done(account.user),
                None => ProfileChange::NoMatch,
            }),
            Err(failure) if is_taken(&failure) => Ok(ProfileChange::EmailTaken),
            Err(failure) => Err(failure),
        }
    }
}

/// What a role is called in the table.
pub(super) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Buyer => "buyer",
        Role::Staff => "staff",
        Role::Admin => "admin",
    }
}

fn role(name: &str) -> Result<Role, Failure> {
    match name {
        "buyer" => Ok(Role::Buyer),
        "staff" => Ok(Role::Staff),
        "admin" => Ok(Role::Admin),
        _ => Err(Failure::internal(format!("{name:?} is not a role"))),
    }
}

fn row(found: Option<AccountRow>) -> Result<Option<Account>, Failure> {
    found.map(AccountRow::into_account).transpose()
}

impl AccountRow {
    fn into_account(self) -> Result<Account, Failure> {
        let user = User {
            id: parsed(&self.id)?,
            email: parsed(&self.email)?,
            name: self.name.try_into().map_err(Failure::internal)?,
            role: role(&self.role)?,
            disabled: self.disabled,
            created_at: Timestamp::from_micros(self.created_at),
            version: u64::try_from(self.version).map_err(Failure::internal)?,
        };
        Ok(Account { user, password_hash: self.password_hash })
    }
}
