use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

const FILE: &str = "galleria.addresses";

/// Where a running shop listens, written beside the lock of its directory for as long as it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The public API.
    pub public: SocketAddr,
    /// The internal listener.
    pub internal: SocketAddr,
}

/// Removes the file when it is dropped.
#[derive(Debug)]
pub struct Written(PathBuf);

impl Addresses {
    /// Writes them down until the result is dropped.
    pub fn write(self, directory: &Path) -> io::Result<Written> {
        std::fs::create_dir_all(directory)?;
        let path = directory.join(FILE);
        let draft = directory.join(format!("{FILE}.draft"));
        std::fs::write(&draft, serde_json::to_vec(&self)?)?;
        std::fs::rename(&draft, &path)?;
        Ok(Written(path))
    }

    /// What the process that runs on the directory wrote down.
    pub fn read(directory: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(directory.join(FILE)).ok()?).ok()
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::debug!(error = %error, "the file of addresses was gone");
        }
    }
}
