use extract_http::UrlError;
use kernel::{Failure, Invalid, ModuleName};
use platform::EventError;

/// Why the modules can't be built.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    /// A database is missing.
    #[error("the database of {0} was not opened")]
    NoDatabase(ModuleName),
    /// A setting makes no sense.
    #[error("section {0} of the settings: {1}")]
    Setting(&'static str, Invalid),
    /// A module has no neighbour that it calls.
    #[error("{0} runs nowhere, and is called from here")]
    Nowhere(&'static str),
    /// A module can't be called where the settings say that it is.
    #[error("setting modules.{0}.url: {1}")]
    Url(String, UrlError),
    /// A module can't begin.
    #[error("{0} can't begin")]
    Module(ModuleName, #[source] Failure),
    /// Events can't be told.
    #[error(transparent)]
    Events(#[from] EventError),
}
