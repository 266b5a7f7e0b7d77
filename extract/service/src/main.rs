//! Some modules of the shop, in a process without a gateway.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use galleria_service::placement::{Part, named};
use galleria_service::settings::{Settings, Sources, load};
use galleria_service::{Host, print, probe, telemetry};
use kernel::SystemClock;

/// Hosts modules of a shop, to be called by others.
#[derive(Debug, Parser)]
#[command(name = "galleria-service", version)]
struct Arguments {
    /// The settings file; `galleria.toml`, if it is there, where none is named.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Hosts modules until it is told to stop. Makes and migrates their databases.
    Serve {
        /// Which, with commas between them.
        #[arg(long, required = true, value_delimiter = ',', value_name = "NAMES")]
        modules: Vec<String>,
        /// Leaves an empty catalogue empty.
        #[arg(long)]
        no_demo: bool,
    },
    /// Asks the process that runs with these settings whether it is ready. Exits with 0 if it is.
    Health,
}

fn main() -> ExitCode {
    match carry_out(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::complaint(&format!("galleria-service: {}", print::chain(error.as_ref())));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(Arguments { config, command }: Arguments) -> Result<(), Box<dyn Error>> {
    let settings = load(&Sources::of_this_process(config))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Serve { modules, no_demo } => serve(settings, &named(&modules), no_demo).await,
            Command::Health => Ok(probe(settings.server.internal_address).await?),
        }
    })
}

async fn serve(
    settings: Settings,
    modules: &[String],
    no_demo: bool,
) -> Result<(), Box<dyn Error>> {
    let part = Part::Modules(modules);
    telemetry::start(&settings, part)?;
    let mut host = Host::open(settings, Arc::new(SystemClock), part).await?;
    host.make_admin().await?;
    if !no_demo {
        host.fill().await;
    }
    Ok(host.serve(None).await?)
}
