use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue};
use kernel::Failure;

/// Names and values beside a message, as a transport carries them. Names are lower case.
pub trait Headers {
    /// The value of a name; none if it is not there, or no text.
    fn value(&self, name: &str) -> Option<&str>;

    /// Adds a value in place of any other of that name.
    fn put(&mut self, name: &'static str, value: &str) -> Result<(), Failure>;
}

impl Headers for HeaderMap {
    fn value(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.get(name)?.as_bytes()).ok()
    }

    fn put(&mut self, name: &'static str, value: &str) -> Result<(), Failure> {
        let value = HeaderValue::from_bytes(value.as_bytes());
        let value = value.map_err(|error| Failure::internal(error).not_executed())?;
        self.insert(HeaderName::from_static(name), value);
        Ok(())
    }
}

impl Headers for BTreeMap<String, String> {
    fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(String::as_str)
    }

    fn put(&mut self, name: &'static str, value: &str) -> Result<(), Failure> {
        self.insert(name.to_owned(), value.to_owned());
        Ok(())
    }
}
