//! What the shop tells a collector of traces, and what one that is not there costs it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod collector;
mod joined;
mod silent;

use std::path::PathBuf;

use e2e::{Binaries, Opening, Ware};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 100 };

fn binaries() -> Binaries {
    Binaries {
        galleria: PathBuf::from(env!("CARGO_BIN_EXE_galleria")),
        faults: PathBuf::from(env!("CARGO_BIN_EXE_galleria-faults")),
    }
}

/// An empty shop that tells its traces there.
fn telling(collector: std::net::SocketAddr) -> Opening {
    Opening::empty().with("GALLERIA__TELEMETRY__OTLP__ENDPOINT", format!("http://{collector}"))
}
