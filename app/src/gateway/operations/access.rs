use kernel::Principal;

use crate::gateway::http::Problem;

/// Who may call an operation. Each may do what those before it may; whose object it is, its module checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Anybody.
    Anyone,
    /// Whoever is signed in, or shows the token of an order.
    Holder,
    /// Whoever is signed in.
    Buyer,
    /// Who runs the shop.
    Staff,
    /// Who may do everything.
    Admin,
}

impl Access {
    /// Refuses who may not.
    pub(crate) fn check(self, principal: &Principal) -> Result<(), Problem> {
        let own = match principal {
            Principal::Guest { proof: None } => Self::Anyone,
            Principal::Guest { proof: Some(_) } => Self::Holder,
            Principal::User { .. } => Self::Buyer,
            Principal::Staff { .. } => Self::Staff,
            Principal::Admin { .. } | Principal::System { .. } => Self::Admin,
        };
        if own >= self {
            Ok(())
        } else if own < Self::Buyer {
            Err(Problem::unauthenticated("sign in first"))
        } else {
            Err(Problem::forbidden())
        }
    }

    /// Who it is, for the document.
    pub(super) fn described(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::Holder => "buyer (own), a guest with the order's token, staff (all)",
            Self::Buyer => "buyer",
            Self::Staff => "staff",
            Self::Admin => "admin",
        }
    }
}
