use std::path::PathBuf;

use architecture_tests::init;
use architecture_tests::jiff::civil::Date;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Holds a workspace to its architecture.
#[derive(Parser)]
#[command(name = "architecture-tests")]
pub(crate) struct Arguments {
    /// The folder of the workspace.
    #[arg(long, global = true, default_value = ".")]
    pub(crate) root: PathBuf,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Holds the workspace to the rules. Ends with 0 where all hold, 1 where one is broken, 2 where something could not be read.
    Check {
        /// Leaves out that every rule proves that it bites.
        #[arg(long)]
        unproven: bool,
        /// How it is told.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Tells what a rule holds, why, and how it proves it. Lists all, where none is named.
    Explain {
        /// Its id, such as G02.
        rule: Option<String>,
    },
    /// Draws the contexts with their calls and events.
    Graph {
        /// As what.
        #[arg(long, value_enum, default_value_t = Picture::Mermaid)]
        format: Picture,
        /// Writes every committed picture and page anew instead.
        #[arg(long)]
        write: bool,
    },
    /// Works on the breaches that are there already.
    #[command(subcommand)]
    Baseline(Baseline),
    /// Writes a first `architecture.toml` for any workspace of Cargo's, with a baseline with which `check` holds.
    Init(Init),
}

#[derive(Args)]
pub(crate) struct Init {
    /// How the workspace is seen; chosen by what is there, if this is left out.
    #[arg(long, value_enum)]
    pub(crate) preset: Option<Preset>,
    /// Writes over a plan and a baseline that are there.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Preset {
    /// Contexts that know each other by contracts alone.
    ModularMonolith,
    /// Roles, each of which knows only those below it.
    Layers,
    /// A domain that knows nobody, an application around it, adapters around that.
    Hexagon,
}

impl From<Preset> for init::Preset {
    fn from(preset: Preset) -> Self {
        match preset {
            Preset::ModularMonolith => Self::ModularMonolith,
            Preset::Layers => Self::Layers,
            Preset::Hexagon => Self::Hexagon,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum Baseline {
    /// Takes what a rule finds now into the baseline.
    Accept {
        /// The rule's id.
        rule: String,
        /// Who will mend it.
        #[arg(long)]
        owner: String,
        /// Why it is not mended now.
        #[arg(long)]
        reason: String,
        /// The last day on which it may be there: 2027-01-31.
        #[arg(long)]
        until: Date,
    },
    /// Takes out what is no longer found.
    Prune,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Picture {
    /// For pages that render it.
    Mermaid,
    /// For Graphviz.
    Dot,
    /// To be seen as it is.
    Svg,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For what shows findings beside the code.
    Sarif,
    /// For build servers that mark lines.
    Github,
}
