mod password;
mod rights;

pub(crate) use password::Password;
pub(crate) use rights::RightsChange;
