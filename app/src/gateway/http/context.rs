use std::net::{IpAddr, Ipv4Addr};

use axum::http::{HeaderMap, HeaderValue, request::Parts};
use kernel::TraceContext;

use galleria_service::edge::Peer;
use galleria_service::settings::Network;

/// What is known of a request before anything is looked at: its id, its trace, and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) request_id: HeaderValue,
    pub(crate) trace: TraceContext,
    pub(crate) client: IpAddr,
}

impl Context {
    pub(super) fn of(parts: &Parts, proxies: &[Network]) -> Self {
        let given = parts.headers.get("traceparent").and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| value.parse::<TraceContext>().ok());
        let sane = parts.headers.get("x-request-id").filter(|value| is_sane(value));
        // One random number is enough for both; a trace that was begun elsewhere has many requests.
        let (trace, request_id) = if let Some(request_id) = sane {
            (given.unwrap_or_else(TraceContext::root), request_id.clone())
        } else {
            let own = TraceContext::root();
            (given.unwrap_or(own), own_id(own))
        };
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.ip().to_canonical());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Self { request_id, trace, client: client(peer, &parts.headers, proxies) }
    }

    pub(super) fn request_id(&self) -> &str {
        self.request_id.to_str().unwrap_or_default()
    }
}

fn own_id(trace: TraceContext) -> HeaderValue {
    HeaderValue::try_from(trace.trace_id()).unwrap_or(HeaderValue::from_static("unknown"))
}

fn is_sane(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=128).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}

/// The nearest address that is not one of our own proxies. What stands further left may be made up.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|proxy| proxy.contains(address));
    if !trusted(peer) {
        return peer;
    }
    let mut nearest = peer;
    let lists: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    for entry in lists.iter().rev().flat_map(|list| list.rsplit(',')) {
        let Ok(address) = entry.trim().parse::<IpAddr>() else { return nearest };
        nearest = address.to_canonical();
        if !trusted(nearest) {
            return nearest;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(values: &[&'static str]) -> HeaderMap {
        values
            .iter()
            .map(|value| {
                (
                    axum::http::HeaderName::from_static("x-forwarded-for"),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_stranger_s_word_about_its_address_counts_nothing() {
        let client = client(address("203.0.113.9"), &forwarded(&["198.51.100.1"]), &[]);

        assert_eq!(client, address("203.0.113.9"));
    }

    #[test]
    fn behind_our_proxies_the_nearest_stranger_is_the_client() {
        let proxies = ["10.0.0.0/8".parse().unwrap()];
        let headers = forwarded(&["1.1.1.1, 198.51.100.1", "10.2.3.4"]);

        assert_eq!(client(address("10.0.0.1"), &headers, &proxies), address("198.51.100.1"));
    }

    #[test]
    fn an_entry_that_is_no_address_ends_the_search() {
        let proxies = ["10.0.0.0/8".parse().unwrap()];

        let client = client(address("10.0.0.1"), &forwarded(&["1.1.1.1, who knows"]), &proxies);

        assert_eq!(client, address("10.0.0.1"));
    }
}
