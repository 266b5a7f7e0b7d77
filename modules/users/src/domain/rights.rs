use users_contract::{Role, User};

/// What an account may do from now on, and what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RightsChange {
    pub(crate) role: Role,
    pub(crate) disabled: bool,
    before: (Role, bool),
}

impl RightsChange {
    /// What is absent stays.
    pub(crate) fn of(user: &User, role: Option<Role>, disabled: Option<bool>) -> Self {
        Self {
            role: role.unwrap_or(user.role),
            disabled: disabled.unwrap_or(user.disabled),
            before: (user.role, user.disabled),
        }
    }

    pub(crate) fn is_none(self) -> bool {
        self.before == (self.role, self.disabled)
    }

    /// Whether one who could do everything no longer can.
    pub(crate) fn loses_an_admin(self) -> bool {
        self.before == (Role::Admin, false) && (self.role, self.disabled) != (Role::Admin, false)
    }

    /// Whether tokens of the account say more, or something else, than it may do now.
    pub(crate) fn ends_sessions(self) -> bool {
        self.disabled || self.role != self.before.0
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Timestamp, UserId};

    use super::*;

    fn user(role: Role, disabled: bool) -> User {
        User {
            id: UserId::generate(),
            email: "ana@example.org".parse().unwrap(),
            name: "Ana".to_owned().try_into().unwrap(),
            role,
            disabled,
            created_at: Timestamp::from_micros(0),
            version: 1,
        }
    }

    #[test]
    fn only_a_live_admin_can_be_lost() {
        let admin = user(Role::Admin, false);

        assert!(RightsChange::of(&admin, Some(Role::Staff), None).loses_an_admin());
        assert!(RightsChange::of(&admin, None, Some(true)).loses_an_admin());
        assert!(!RightsChange::of(&admin, None, Some(false)).loses_an_admin());
        assert!(
            !RightsChange::of(&user(Role::Admin, true), Some(Role::Buyer), None).loses_an_admin()
        );
        assert!(!RightsChange::of(&user(Role::Staff, false), None, Some(true)).loses_an_admin());
    }

    #[test]
    fn what_is_the_same_is_no_change() {
        let staff = user(Role::Staff, false);

        assert!(RightsChange::of(&staff, None, None).is_none());
        assert!(RightsChange::of(&staff, Some(Role::Staff), Some(false)).is_none());
        assert!(!RightsChange::of(&staff, Some(Role::Admin), None).is_none());
    }
}
