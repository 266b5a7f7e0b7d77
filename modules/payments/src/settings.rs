use serde::{Deserialize, Serialize};

/// The settings of payments.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PaymentsSettings {
    /// When money that was set aside is taken.
    pub capture: CaptureMoment,
}

/// When money that was set aside is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaptureMoment {
    /// When the parcel leaves, or when staff say so.
    #[default]
    AtDispatch,
    /// As soon as it is set aside.
    AtOnce,
}
