//! The module as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use extract_http::{ChannelSettings, HttpChannel};
use extract_wire::{KeySettings, PeerKey, ServiceKeys};
use kernel::contract::{Contract as _, Peer, RetrySettings};
use kernel::{Call, ModuleName, Principal, SystemClock};
use platform::ops::Ops;
use recommendations_contract::Recommendations;
use serde_json::Value;
use tempfile::TempDir;

/// Whether this machine can run the module. Where it can't, each test says so and is done.
pub(crate) fn can_run() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| has("cryptography, jsonschema", "requirements.txt"))
}

/// Whether it can serve over NATS besides.
pub(crate) fn can_run_over_nats() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| has("cryptography, jsonschema, nats", "requirements-nats.txt"))
}

fn has(packages: &str, listed: &str) -> bool {
    let wanted = format!("import sys, {packages}; sys.exit(sys.version_info < (3, 11))");
    let tried = Command::new("python3").args(["-c", &wanted]).stderr(Stdio::null()).status();
    let has = tried.is_ok_and(|status| status.success());
    if !has {
        eprintln!("skipped: needs python3 (3.11) with the packages of {listed}");
    }
    has
}

/// A key that tests sign with, by a number.
fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn public(number: u8) -> String {
    STANDARD.encode(key(number).verifying_key().as_bytes())
}

/// The keys of whoever signs with a number's key. Peers may speak as these modules with theirs.
pub(crate) fn keys(number: u8, peers: &[(&str, &str)]) -> Arc<ServiceKeys> {
    let own = STANDARD.encode(key(number).to_pkcs8_der().unwrap().as_bytes());
    let peers = peers.iter().map(|(module, key)| PeerKey { module, key }).collect();
    let settings = KeySettings { own: Some(&own), peers };
    Arc::new(ServiceKeys::open(settings, Path::new("")).unwrap())
}

/// The key that the module lets speak as `gateway`, `orders` and `ops`' callers.
pub(crate) const FRIEND: u8 = 7;

/// Those who the friend may speak as.
const SPEAKS_AS: [&str; 3] = ["gateway", "orders", "cli"];

/// A running module. It ends with its test.
pub(crate) struct Module {
    process: Child,
    pub(crate) port: u16,
    pub(crate) public_key: String,
    /// Its documents, exported for it, and its data.
    pub(crate) home: TempDir,
}

fn command(home: &Path) -> Command {
    let mut command = Command::new("python3");
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("recommendations-python");
    command.args(["-B", "-m", "recommendations"]).current_dir(source);
    command.arg("--contracts").arg(home.join("contracts")).arg("--data").arg(home.join("data"));
    for module in SPEAKS_AS {
        command.arg("--peer").arg(format!("{module}={}", public(FRIEND)));
    }
    command
}

impl Module {
    pub(crate) fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        extract_documents::export(&home.path().join("contracts")).unwrap();
        Self::start_in(home, &[])
    }

    /// Starts it on a broker as well.
    pub(crate) fn start_on(url: &str, prefix: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        extract_documents::export(&home.path().join("contracts")).unwrap();
        Self::start_in(home, &["--nats", url, "--nats-prefix", prefix])
    }

    fn start_in(home: TempDir, besides: &[&str]) -> Self {
        let mut serve = command(home.path());
        serve.args(["serve", "--port", "0"]).args(besides).stdout(Stdio::piped());
        let mut process = serve.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("the module did not start: {line:?}"));
        let port = u16::try_from(said["http"].as_u64().unwrap()).unwrap();
        Self { process, port, public_key: said["key"].as_str().unwrap().to_owned(), home }
    }

    /// Kills it, and starts it on what it had stored.
    pub(crate) fn restart(mut self) -> Self {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let empty = tempfile::tempdir().unwrap();
        Self::start_in(std::mem::replace(&mut self.home, empty), &[])
    }

    /// What a command of the module prints, and whether it went well.
    pub(crate) fn command(&self, arguments: &[&str]) -> (bool, String) {
        let output = command(self.home.path()).args(arguments).output().unwrap();
        let text = if output.status.success() { output.stdout } else { output.stderr };
        (output.status.success(), String::from_utf8(text).unwrap())
    }

    pub(crate) fn channel(&self) -> HttpChannel {
        let url = format!("http://127.0.0.1:{}", self.port);
        let (clock, settings) = (Arc::new(SystemClock), ChannelSettings::default());
        HttpChannel::new(&[url], keys(FRIEND, &[]), clock, settings).unwrap()
    }

    fn peer(&self) -> Peer {
        let once = RetrySettings { attempts: 1, ..RetrySettings::default() };
        Peer::with(Arc::new(self.channel()), once)
    }

    pub(crate) fn recommendations(&self) -> Arc<dyn Recommendations> {
        <dyn Recommendations>::remote(self.peer())
    }

    pub(crate) fn ops(&self) -> Arc<dyn Ops> {
        <dyn Ops>::remote(self.peer().at(OPS))
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

/// Where the module serves the platform's contract.
pub(crate) const OPS: &str = "recommendations-ops.v1";

/// A call of the gateway for somebody.
pub(crate) fn call(principal: Principal) -> Call {
    Call::new(ModuleName::new("gateway"), principal, Duration::from_secs(20))
}

/// A call of a module on its own behalf.
pub(crate) fn of(module: &'static str) -> Call {
    Call::system(ModuleName::new(module), Duration::from_secs(20))
}
