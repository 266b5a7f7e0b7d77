/// How the sandbox behaves for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// It charges and says so.
    Charges,
    /// It declines.
    Declines { code: &'static str },
    /// It charges, and takes its time to say so.
    ChargesSlowly,
    /// It charges, and its answer is lost.
    LosesItsAnswer,
    /// It fails some times before it charges, without any effect.
    FailsAtFirst,
}

impl Behaviour {
    /// What a token makes the sandbox do. The token itself is never kept.
    pub(crate) fn of(token: &str) -> Self {
        match token {
            "tok_ok" => Self::Charges,
            "tok_declined" => Self::Declines { code: "card_declined" },
            "tok_insufficient_funds" => Self::Declines { code: "insufficient_funds" },
            "tok_slow" => Self::ChargesSlowly,
            "tok_lost_answer" => Self::LosesItsAnswer,
            "tok_error" => Self::FailsAtFirst,
            _ => Self::Declines { code: "unknown_token" },
        }
    }

    /// Why it says no, if it does.
    pub(crate) fn decline_code(self) -> Option<&'static str> {
        match self {
            Self::Declines { code } => Some(code),
            _ => None,
        }
    }
}
