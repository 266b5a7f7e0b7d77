use axum::http::Uri;

/// A url that no contract can be called at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{url} is not http://host:port")]
pub struct UrlError {
    /// As it was given.
    pub url: String,
}

/// Where instances are: a name, which may stand for several, or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    /// Without the brackets of an IPv6 address.
    pub(super) name: String,
    pub(super) port: u16,
    /// As the header `host` has it.
    pub(super) authority: String,
}

impl Host {
    pub(super) fn parse(url: &str) -> Result<Self, UrlError> {
        let wrong = || UrlError { url: url.to_owned() };
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        let authority = uri.authority().ok_or_else(wrong)?;
        let plain = uri.scheme_str() == Some("http")
            && matches!(uri.path(), "" | "/")
            && uri.query().is_none()
            && !authority.as_str().contains('@');
        if !plain || authority.host().is_empty() {
            return Err(wrong());
        }
        let name = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self { name, port, authority: authority.as_str().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_host_and_a_port() {
        let parsed = |url: &str| Host::parse(url).map(|host| (host.name, host.port)).ok();

        assert_eq!(parsed("http://orders:8081"), Some(("orders".to_owned(), 8081)));
        assert_eq!(parsed("http://[::1]:8081/"), Some(("::1".to_owned(), 8081)));
        assert_eq!(parsed("http://orders"), Some(("orders".to_owned(), 80)));
        for wrong in ["", "orders:8081", "https://orders", "http://orders/rpc", "http://a@b"] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }
}
