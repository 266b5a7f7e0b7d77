//! Messages as they go over the wire, so that they can be wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use extract_wire::{CallHead, ServiceKeys, issue};
use kernel::contract::Problem;
use kernel::{Call, Clock as _, Executed, FailureKind, ModuleName, SystemClock};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::module::{FRIEND, keys};

/// A message about to be sent.
#[derive(Clone)]
pub(crate) struct Raw {
    pub(crate) target: (&'static str, &'static str),
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// The outcome: the status, and the failure if it is one.
pub(crate) type Told = (u16, Option<(FailureKind, Executed)>);

pub(crate) const TARGET: (&str, &str) = ("recommendations.v1", "popular");

pub(crate) fn head() -> CallHead {
    CallHead::of(&Call::system(ModuleName::new("gateway"), Duration::from_secs(20))).unwrap()
}

impl Raw {
    /// A message that is right.
    pub(crate) fn new() -> Self {
        Self::of(TARGET, br#"{"limit":5}"#)
    }

    pub(crate) fn of(target: (&'static str, &'static str), body: &[u8]) -> Self {
        Self::signed(&keys(FRIEND, &[]), target, &head(), body, Duration::ZERO)
    }

    /// A message whose token is so old.
    pub(crate) fn signed(
        keys: &ServiceKeys,
        target: (&'static str, &'static str),
        head: &CallHead,
        body: &[u8],
        age: Duration,
    ) -> Self {
        let mut headers = BTreeMap::new();
        head.write(&mut headers).unwrap();
        let token = issue(keys, target, head, body, SystemClock.now().minus(age)).unwrap();
        headers.insert("authorization".to_owned(), format!("Bearer {token}"));
        Self { target, headers, body: body.to_vec() }
    }

    pub(crate) fn with(mut self, header: &str, value: &str) -> Self {
        self.headers.insert(header.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn without(mut self, header: &str) -> Self {
        self.headers.remove(header);
        self
    }

    /// Sends it to whoever listens there.
    pub(crate) async fn send(&self, port: u16) -> Told {
        let (address, method) = self.target;
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let headers: Vec<String> = headers.collect();
        let message = format!(
            "POST /rpc/{address}/{method} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}content-length: {}\r\n\r\n",
            headers.concat(),
            self.body.len(),
        );
        let mut connection = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        connection.write_all(message.as_bytes()).await.unwrap();
        connection.write_all(&self.body).await.unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).await.unwrap();
        read(&String::from_utf8(answer).unwrap())
    }
}

fn read(answer: &str) -> Told {
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    if status == 200 {
        return (status, None);
    }
    assert!(head.to_lowercase().contains("content-type: application/problem+json"), "{head}");
    let problem: Problem = serde_json::from_str(body).unwrap();
    assert_eq!(problem.status, status);
    let failure = problem.failure().unwrap();
    assert_eq!(problem.r#type, format!("urn:galleria:failure:{}", failure.kind.as_str()));
    assert_eq!(problem.title, failure.to_string());
    (status, Some((failure.kind, failure.executed)))
}
