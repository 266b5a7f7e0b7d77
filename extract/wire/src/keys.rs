use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use ed25519_dalek::{SigningKey, VerifyingKey};
use kernel::ModuleName;
use sha2::{Digest as _, Sha256};

use crate::token::header_of;

const FILE: &str = "service.key";

/// The keys as settings name them.
#[derive(Clone, Default)]
pub struct KeySettings<'a> {
    /// The process's Ed25519 key, PKCS #8 in base64. Without one it makes a key in its directory.
    pub own: Option<&'a str>,
    /// Whose keys may speak as which module.
    pub peers: Vec<PeerKey<'a>>,
}

/// A key that may speak as a module.
#[derive(Debug, Clone)]
pub struct PeerKey<'a> {
    /// As which.
    pub module: &'a str,
    /// The public half: 32 bytes in base64.
    pub key: &'a str,
}

/// As whom this process speaks to others, and who may speak to it.
pub struct ServiceKeys {
    pub(crate) own: SigningKey,
    pub(crate) own_id: String,
    /// How its tokens begin.
    pub(crate) own_header: String,
    accepted: Vec<Accepted>,
}

struct Accepted {
    id: String,
    key: VerifyingKey,
    /// Whom it may speak as; anybody, if it is the process's own.
    speaks_as: Option<ModuleName>,
}

/// Why the keys can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or made.
    #[error("can't use the key file {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A key is not what the setting says it is.
    #[error("setting {setting}: must be {expected}")]
    NotAKey {
        /// Which setting or file.
        setting: String,
        /// What it must be.
        expected: &'static str,
    },
}

impl ServiceKeys {
    /// Takes the key of the settings, or else the one in the directory, which is made if it is not there.
    pub fn open<'a>(
        settings: impl Into<KeySettings<'a>>,
        directory: &Path,
    ) -> Result<Self, KeyError> {
        let settings = settings.into();
        let own = match settings.own {
            Some(key) => parse(key, "service.key")?,
            None => kept_in(directory)?,
        };
        let public = own.verifying_key();
        let own_id = id_of(&public);
        let mut accepted = vec![Accepted { id: own_id.clone(), key: public, speaks_as: None }];
        for (number, peer) in settings.peers.iter().enumerate() {
            let key = parse_public(peer.key, number)?;
            let speaks_as = Some(ModuleName::of(peer.module));
            accepted.push(Accepted { id: id_of(&key), key, speaks_as });
        }
        Ok(Self { own, own_header: header_of(&own_id), own_id, accepted })
    }

    /// The key of that id, if it may speak as the module.
    pub(crate) fn of(&self, id: &str, module: &str) -> Option<&VerifyingKey> {
        let may_speak = |key: &&Accepted| {
            key.id == id && key.speaks_as.as_ref().is_none_or(|own| own.as_str() == module)
        };
        self.accepted.iter().find(may_speak).map(|accepted| &accepted.key)
    }
}

impl fmt::Debug for ServiceKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceKeys({})", self.own_id)
    }
}

const PRIVATE: &str = "an Ed25519 key, PKCS #8 in base64";

fn not_a_key(setting: &str, expected: &'static str) -> KeyError {
    KeyError::NotAKey { setting: setting.to_owned(), expected }
}

fn parse(text: &str, setting: &str) -> Result<SigningKey, KeyError> {
    let der = STANDARD.decode(text.trim()).map_err(|_| not_a_key(setting, PRIVATE))?;
    SigningKey::from_pkcs8_der(&der).map_err(|_| not_a_key(setting, PRIVATE))
}

fn parse_public(text: &str, number: usize) -> Result<VerifyingKey, KeyError> {
    let wrong = || not_a_key(&format!("service.peers[{number}].key"), "32 bytes in base64");
    let bytes = STANDARD.decode(text.trim()).map_err(|_| wrong())?;
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| wrong())?;
    VerifyingKey::from_bytes(&bytes).map_err(|_| wrong())
}

fn id_of(key: &VerifyingKey) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(key.as_bytes())[..9])
}

fn kept_in(directory: &Path) -> Result<SigningKey, KeyError> {
    let path = directory.join(FILE);
    let unusable = |source| KeyError::File { path: path.clone(), source };
    match std::fs::read_to_string(&path) {
        Ok(text) => parse(&text, &path.display().to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make(directory, &path).map_err(unusable)?;
            let text = std::fs::read_to_string(&path).map_err(unusable)?;
            parse(&text, &path.display().to_string())
        }
        Err(error) => Err(unusable(error)),
    }
}

/// Makes the file whole or not at all; of two processes that make it at once the first wins.
fn make(directory: &Path, path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    let key = SigningKey::from_bytes(&rand::random());
    let der = key.to_pkcs8_der().map_err(io::Error::other)?;
    let draft = directory.join(format!("{FILE}.{}", std::process::id()));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    writeln!(file, "{}", STANDARD.encode(der.as_bytes()))?;
    file.sync_all()?;
    let linked = match std::fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    };
    std::fs::remove_file(&draft)?;
    linked
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_for_its_owner_alone() {
        let directory = tempfile::tempdir().unwrap();

        let open = || ServiceKeys::open(KeySettings::default(), directory.path()).unwrap();
        let (first, second) = (open(), open());

        assert_eq!(first.own_id, second.own_id);
        let file = std::fs::metadata(directory.path().join("service.key")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}
