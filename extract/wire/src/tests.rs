use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::{Signer as _, SigningKey};
use kernel::{Call, IdempotencyKey, ModuleName, Principal, Proof, Timestamp};
use tempfile::TempDir;

use crate::{CallHead, Claims, KeySettings, PeerKey, Refused, Seen, ServiceKeys, issue, verify};

const TARGET: (&str, &str) = ("inventory-ops.v1", "health");
const BODY: &[u8] = b"{}";

/// A clock that its test sets.
struct ManualClock(AtomicI64);

impl ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }

    fn advance(&self, duration: Duration) {
        self.0.fetch_add(i64::try_from(duration.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self(AtomicI64::new(1_800_000_000_000_000))
    }
}

fn own_keys(directory: &TempDir) -> ServiceKeys {
    ServiceKeys::open(KeySettings::default(), directory.path()).unwrap()
}

fn head() -> CallHead {
    CallHead::of(&Call::system(ModuleName::new("cli"), Duration::from_secs(10))).unwrap()
}

struct Desk {
    keys: ServiceKeys,
    seen: Seen,
    clock: ManualClock,
    _directory: TempDir,
}

impl Desk {
    fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let keys = own_keys(&directory);
        Self { keys, seen: Seen::default(), clock: ManualClock::default(), _directory: directory }
    }

    fn token(&self, head: &CallHead) -> String {
        issue(&self.keys, TARGET, head, BODY, self.clock.now()).unwrap()
    }

    fn shown(
        &self,
        token: &str,
        target: (&str, &str),
        head: &CallHead,
        body: &[u8],
    ) -> Result<(), Refused> {
        verify((&self.keys, &self.seen), token, target, (head, body), self.clock.now())
    }
}

#[test]
fn a_token_is_good_for_its_call_once() {
    let (desk, head) = (Desk::open(), head());
    let token = desk.token(&head);

    assert_eq!(desk.shown(&token, TARGET, &head, BODY), Ok(()));
    assert_eq!(desk.shown(&token, TARGET, &head, BODY), Err(Refused::Replayed));
    desk.clock.advance(Duration::from_secs(64));
    assert_eq!(desk.shown(&token, TARGET, &head, BODY), Err(Refused::Replayed));
    let second = CallHead { attempt: 2, ..head };
    assert_eq!(desk.shown(&desk.token(&second), TARGET, &second, BODY), Ok(()));
}

#[test]
fn a_token_is_good_for_a_minute() {
    let (desk, head) = (Desk::open(), head());
    let token = desk.token(&head);

    desk.clock.advance(Duration::from_secs(66));

    assert_eq!(desk.shown(&token, TARGET, &head, BODY), Err(Refused::Expired));
}

#[test]
fn a_token_can_not_be_moved_to_another_call() {
    let (desk, head) = (Desk::open(), head());
    let token = desk.token(&head);
    let admin = r#"{"kind":"admin","id":"01a1fcf3-e87f-75a8-8465-80a5ab4d300a"}"#;
    let moved = [
        (("orders-ops.v1", "health"), head.clone(), BODY),
        (("inventory-ops.v1", "skip"), head.clone(), BODY),
        (TARGET, head.clone(), &b"{} "[..]),
        (TARGET, CallHead { id: "another".to_owned(), ..head.clone() }, BODY),
        (TARGET, CallHead { attempt: 2, ..head.clone() }, BODY),
        (TARGET, CallHead { deadline_ms: 60_000, ..head.clone() }, BODY),
        (TARGET, CallHead { key: Some("key".to_owned()), ..head.clone() }, BODY),
        (TARGET, CallHead { principal: admin.to_owned(), ..head.clone() }, BODY),
    ];

    for (target, head, body) in moved {
        assert_eq!(desk.shown(&token, target, &head, body), Err(Refused::Moved), "{head:?}");
    }
    let other_caller = CallHead { caller: "orders".to_owned(), ..head.clone() };
    assert_eq!(desk.shown(&token, TARGET, &other_caller, BODY), Err(Refused::Forged));
    assert_eq!(desk.shown(&token, TARGET, &head, BODY), Ok(()));
}

#[test]
fn a_token_that_nobody_known_signed_is_refused() {
    let (desk, stranger, head) = (Desk::open(), Desk::open(), head());
    let token = desk.token(&head);
    let (start, signature) = token.rsplit_once('.').unwrap();
    let flipped: String =
        signature.chars().map(|letter| if letter == 'A' { 'B' } else { 'A' }).collect();

    for forged in
        [stranger.token(&head), format!("{start}.{flipped}"), String::new(), "a.b.c".to_owned()]
    {
        assert_eq!(desk.shown(&forged, TARGET, &head, BODY), Err(Refused::Forged), "{forged}");
    }
}

#[test]
fn a_token_is_a_json_web_token_like_any_other() {
    use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
    let (desk, head) = (Desk::open(), head());
    let public = DecodingKey::from_ed_der(desk.keys.own.verifying_key().as_bytes());
    let private = desk.keys.own.to_pkcs8_der().unwrap();
    let mut lax = Validation::new(Algorithm::EdDSA);
    lax.validate_exp = false;

    let ours = decode::<Claims>(&desk.token(&head), &public, &lax).unwrap();
    assert_eq!((ours.header.alg, ours.claims.iss.as_str()), (Algorithm::EdDSA, "cli"));

    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(desk.keys.own_id.clone());
    let theirs = encode(&header, &ours.claims, &EncodingKey::from_ed_der(private.as_bytes()));
    assert_eq!(desk.shown(&theirs.unwrap(), TARGET, &head, BODY), Ok(()));
}

#[test]
fn a_token_says_how_it_is_signed_and_that_must_be_so() {
    let (desk, head) = (Desk::open(), head());
    let token = desk.token(&head);
    let (_, claims) = token.split_once('.').unwrap();
    let (claims, signature) = claims.split_once('.').unwrap();

    for alg in ["none", "HS256", "eddsa"] {
        let header = format!(r#"{{"alg":"{alg}","kid":"{}"}}"#, desk.keys.own_id);
        let start = format!("{}.{claims}", URL_SAFE_NO_PAD.encode(header));
        let signed = URL_SAFE_NO_PAD.encode(desk.keys.own.sign(start.as_bytes()).to_bytes());
        for signature in [signature, &signed, ""] {
            let forged = format!("{start}.{signature}");
            assert_eq!(desk.shown(&forged, TARGET, &head, BODY), Err(Refused::Forged), "{alg}");
        }
    }
}

#[test]
fn a_peer_speaks_as_its_own_module_alone() {
    let directory = tempfile::tempdir().unwrap();
    let key = SigningKey::from_bytes(&[7; 32]);
    let der = STANDARD.encode(key.to_pkcs8_der().unwrap().as_bytes());
    let of_peer = KeySettings { own: Some(&der), peers: Vec::new() };
    let peer = ServiceKeys::open(of_peer, directory.path()).unwrap();
    let public = STANDARD.encode(key.verifying_key().as_bytes());
    let peers = vec![PeerKey { module: "orders", key: &public }];
    let ours = ServiceKeys::open(KeySettings { own: None, peers }, directory.path()).unwrap();
    let (clock, seen) = (ManualClock::default(), Seen::default());

    let shown = |caller: &str| {
        let head = CallHead { caller: caller.to_owned(), ..head() };
        let token = issue(&peer, TARGET, &head, BODY, clock.now()).unwrap();
        verify((&ours, &seen), &token, TARGET, (&head, BODY), clock.now())
    };

    assert_eq!(shown("orders"), Ok(()));
    assert_eq!(shown("payments"), Err(Refused::Forged));
}

#[test]
fn a_context_survives_the_headers_of_every_transport() {
    let guest = Principal::Guest { proof: Some(Proof::new("\u{fc} \n")) };
    let call = Call::new(ModuleName::new("orders"), guest, Duration::from_secs(10));
    let call = Call { attempt: 3, ..call.keyed(IdempotencyKey::parse("order-1").unwrap()) };
    let head = CallHead::of(&call).unwrap();
    let (mut of_http, mut pairs) = (http::HeaderMap::new(), BTreeMap::new());
    head.write(&mut of_http).unwrap();
    head.write(&mut pairs).unwrap();

    for read in [CallHead::read(&of_http).unwrap(), CallHead::read(&pairs).unwrap()] {
        assert_eq!(read, head);
        let served = read.into_call().unwrap();
        assert_eq!(
            (served.principal, served.caller),
            (call.principal.clone(), call.caller.clone())
        );
        assert_eq!((served.key, served.trace), (call.key.clone(), call.trace));
        assert_eq!(served.attempt, 3);
    }
}

/// The token that is committed for those who write a module in another language.
#[test]
fn the_committed_example_of_a_token_is_the_one_that_is_issued_and_accepted() {
    let example = include_str!("../../../contracts/service-token.example.json");
    let example: serde_json::Value = serde_json::from_str(example).unwrap();
    let text = |key: &str| example[key].as_str().unwrap();
    let headers = example["headers"].as_object().unwrap().iter();
    let headers: BTreeMap<String, String> =
        headers.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
    let (head, body) = (CallHead::read(&headers).unwrap(), text("body").as_bytes());
    let directory = tempfile::tempdir().unwrap();
    let peers = vec![PeerKey { module: "gateway", key: text("public_key") }];
    let keys = KeySettings { own: Some(text("private_key")), peers };
    let keys = ServiceKeys::open(keys, directory.path()).unwrap();
    let issued_at = Timestamp::from_micros(example["issued_at"].as_i64().unwrap() * 1_000_000);
    let target = ("recommendations.v1", "related");

    let issued = issue(&keys, target, &head, body, issued_at).unwrap();

    assert_eq!(issued, text("token"));
    let seen = Seen::default();
    let shown = verify((&keys, &seen), text("token"), target, (&head, body), issued_at);
    assert_eq!(shown, Ok(()));
    assert_eq!(text("path"), format!("/rpc/{}/{}", target.0, target.1));
}
