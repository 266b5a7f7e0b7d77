use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use kernel::{DeliveryId, Email, Timestamp};

/// A shop in one binary: `galleria` alone serves it.
#[derive(Debug, Parser)]
#[command(name = "galleria", version)]
pub struct Arguments {
    /// The settings file; `galleria.toml`, if it is there, where none is named.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to serve, where no command is named.
    #[command(flatten)]
    pub serve: Serve,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves the shop until it is told to stop. Makes and migrates its databases.
    Serve(Serve),
    /// Makes the databases that are not there and brings all of them up to date.
    Migrate,
    /// Takes in a product CSV as Shopify writes it.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Shows where each module runs.
    Modules {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prints the `OpenAPI` document of the public API.
    Openapi,
    /// Looks after the documents of contracts and events, for peers and for other languages.
    #[command(subcommand)]
    Contracts(Contracts),
    /// Looks after accounts.
    #[command(subcommand)]
    Users(Users),
    /// Looks after events.
    #[command(subcommand)]
    Events(Events),
    /// Asks the process that runs with these settings whether it is ready. Exits with 0 if it is.
    Health,
    /// Audits stock, money and events, of a running or a stopped shop. Exits with 1 if something does not add up.
    Doctor,
}

/// How to serve.
#[derive(Debug, Clone, Default, Args)]
pub struct Serve {
    /// Hosts these modules alone, with commas between them, and no gateway.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub modules: Vec<String>,
    /// Leaves an empty shop empty.
    #[arg(long)]
    pub no_demo: bool,
}

/// What can be done about the documents of contracts.
#[derive(Debug, Subcommand)]
pub enum Contracts {
    /// Writes them. A document that breaks those who go by the one that is there is refused, and nothing is written.
    Export {
        /// The directory.
        #[arg(long, default_value = "contracts", value_name = "DIR")]
        to: PathBuf,
    },
}

/// What can be done about accounts.
#[derive(Debug, Subcommand)]
pub enum Users {
    /// Makes an admin's account, or an existing account an admin with this password; a disabled one stays disabled.
    ///
    /// The password is asked for on the terminal, or read from the first line of the input.
    CreateAdmin {
        /// Their e-mail.
        #[arg(long)]
        email: Email,
        /// Their name.
        #[arg(long, default_value = "Admin")]
        name: String,
        /// Reads the password from the input, up to the end of its first line.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// What can be done about events.
#[derive(Debug, Subcommand)]
pub enum Events {
    /// Lists events at their subscriptions, newest first.
    List(ListEvents),
    /// Tries a parked event again, now.
    Retry {
        /// The delivery, as `list` shows it.
        id: DeliveryId,
    },
    /// Gives a parked event up, so that the later ones of its key flow.
    Skip {
        /// The delivery, as `list` shows it.
        id: DeliveryId,
    },
    /// Tells a subscription the history again.
    Replay {
        /// Its name.
        subscription: String,
        /// Only what happened from then on, in RFC 3339.
        #[arg(long)]
        from: Option<Timestamp>,
    },
    /// Ends a subscription; what it was not told yet is dropped.
    Unsubscribe {
        /// Its name.
        subscription: String,
    },
}

/// Which events to list.
#[derive(Debug, Args)]
pub struct ListEvents {
    /// Only those this far: pending, parked or done.
    #[arg(long, value_parser = ["pending", "parked", "done"])]
    pub state: Option<String>,
    /// Only those of this module's subscriptions.
    #[arg(long)]
    pub module: Option<String>,
    /// Only those at this subscription.
    #[arg(long)]
    pub subscription: Option<String>,
    /// At most so many of each module.
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
    /// As JSON, an object a line.
    #[arg(long)]
    pub json: bool,
}
