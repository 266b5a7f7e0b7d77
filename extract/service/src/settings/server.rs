use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::network::Network;

/// The section `server`: where the shop listens, and how much it takes from one client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSettings {
    /// Where the public API listens.
    pub address: SocketAddr,
    /// Where health, metrics and the calls of other processes listen.
    pub internal_address: SocketAddr,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Web pages of these origins may call the API; `*` is every origin.
    pub cors_origins: Vec<String>,
    /// Connections beyond this number are told 503 and closed.
    pub max_connections: usize,
    /// The most bytes of a request's line and headers; at least 8192.
    pub max_header_bytes: usize,
    /// The most headers of a request.
    pub max_headers: usize,
    /// The most bytes of a body that is not streamed.
    pub max_body_bytes: usize,
    /// How long a client may take to send its headers, and how long a connection may idle.
    pub header_timeout_ms: u64,
    /// How long a client may take to send a body, or to pause within a streamed one.
    pub body_timeout_ms: u64,
    /// How long a client may read nothing of its answer.
    pub write_timeout_ms: u64,
    /// How long a request may take in all.
    pub request_deadline_ms: u64,
    /// How long one part of an import may take.
    pub import_part_deadline_ms: u64,
    /// How long the product page waits for inventory before it goes without.
    pub availability_deadline_ms: u64,
    /// How long requests in flight may take to finish when the shop stops, which is never more than eight seconds.
    pub drain_ms: u64,
}

impl Default for ServerSettings {
    fn default() -> Self {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self {
            address: SocketAddr::new(loopback, 8080),
            internal_address: SocketAddr::new(loopback, 9090),
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            max_connections: 4096,
            max_header_bytes: 32 * 1024,
            max_headers: 100,
            max_body_bytes: 1024 * 1024,
            header_timeout_ms: 10_000,
            body_timeout_ms: 15_000,
            write_timeout_ms: 30_000,
            request_deadline_ms: 10_000,
            import_part_deadline_ms: 60_000,
            availability_deadline_ms: 1_000,
            drain_ms: 8_000,
        }
    }
}

impl ServerSettings {
    /// How long a client may take to send its headers.
    pub fn header_timeout(&self) -> Duration {
        Duration::from_millis(self.header_timeout_ms)
    }

    /// How long a client may take to send a body.
    pub fn body_timeout(&self) -> Duration {
        Duration::from_millis(self.body_timeout_ms)
    }

    /// How long a client may read nothing of its answer.
    pub fn write_timeout(&self) -> Duration {
        Duration::from_millis(self.write_timeout_ms)
    }

    /// How long a request may take in all.
    pub fn request_deadline(&self) -> Duration {
        Duration::from_millis(self.request_deadline_ms)
    }

    /// How long one part of an import may take.
    pub fn import_part_deadline(&self) -> Duration {
        Duration::from_millis(self.import_part_deadline_ms)
    }

    /// How long the product page waits for inventory.
    pub fn availability_deadline(&self) -> Duration {
        Duration::from_millis(self.availability_deadline_ms)
    }

    /// How long requests in flight may take to finish.
    pub fn drain(&self) -> Duration {
        Duration::from_millis(self.drain_ms)
    }
}

/// The section `limits`: how often and how much at once. 0 switches a limit off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Requests a second of one client address.
    pub requests_per_second: u32,
    /// Sign-ins a minute of one client address, and of one account.
    pub sign_ins_per_minute: u32,
    /// Requests in work at once; those beyond are told 503.
    pub requests_in_flight: usize,
    /// Open event streams at once; those beyond are told 503.
    pub open_streams: usize,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            requests_per_second: 100,
            sign_ins_per_minute: 10,
            requests_in_flight: 1024,
            open_streams: 512,
        }
    }
}
