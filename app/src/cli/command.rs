use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use clap::error::ErrorKind;
use kernel::{Clock, SystemClock};
use tokio::runtime::Builder;

use super::arguments::{Arguments, Command, Users};
use super::create_admin::PasswordSource;
use super::modules::Form;
use super::{CommandError, checkup, contracts, create_admin, events, import, modules, serve};
use crate::gateway;
use galleria_service::placement::{Part, named};
use galleria_service::print;
use galleria_service::settings::{Settings, Sources, load};
use galleria_service::{Databases, places, probe, telemetry};

/// How a command ended that did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Well,
    /// It found something that is not.
    Findings,
}

/// Runs the command that this process was given. Exits with 0 if all is well, 1 if not, 2 if it was misunderstood.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _closed = error.print();
            let helped = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if helped { ExitCode::SUCCESS } else { ExitCode::from(2) };
        }
    };
    match carry_out(arguments) {
        Ok(Outcome::Well) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::FAILURE,
        Err(error) => {
            print::complaint(&format!("galleria: {}", error.text()));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(arguments: Arguments) -> Result<Outcome, CommandError> {
    if matches!(arguments.command, Some(Command::Openapi)) {
        print::line(&serde_json::to_string_pretty(&gateway::openapi())?)?;
        return Ok(Outcome::Well);
    }
    if let Some(Command::Contracts(command)) = &arguments.command {
        return contracts::run(command);
    }
    let settings = load(&Sources::of_this_process(arguments.config))?;
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let command = arguments.command.unwrap_or(Command::Serve(arguments.serve));
    runtime.block_on(run(command, settings))
}

async fn run(command: Command, settings: Settings) -> Result<Outcome, CommandError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    match &command {
        Command::Serve(how) => telemetry::start(&settings, serve::part(&named(&how.modules)))?,
        _ => telemetry::start_quietly(&settings.telemetry)?,
    }
    match command {
        Command::Serve(how) => serve::serve(settings, clock, how).await,
        Command::Migrate => {
            Databases::open(&settings, &places(&settings, Part::Gateway)?, clock.now()).await?;
            Ok(Outcome::Well)
        }
        Command::Import { file } => import::import(&settings, clock, &file).await,
        Command::Modules { json: true } => modules::show(&settings, clock, Form::Json).await,
        Command::Modules { json: false } => modules::show(&settings, clock, Form::Table).await,
        Command::Openapi | Command::Contracts(_) => Ok(Outcome::Well),
        Command::Users(Users::CreateAdmin { email, name, password_stdin }) => {
            let source =
                if password_stdin { PasswordSource::Input } else { PasswordSource::Terminal };
            create_admin::create_admin(&settings, clock, (email, name), source).await
        }
        Command::Events(command) => events::run(&settings, clock, command).await,
        Command::Health => {
            probe(settings.server.internal_address).await?;
            Ok(Outcome::Well)
        }
        Command::Doctor => checkup::doctor(&settings, clock).await,
    }
}
