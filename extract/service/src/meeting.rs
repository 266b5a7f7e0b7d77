use extract_compatibility::Met as Agreement;
use extract_wire::Introduction;
use kernel::contract::ContractDescriptor;
use kernel::{Call, Failure};

use crate::contracts::descriptor_of;
use crate::placement::Place;
use crate::transports::Transports;

/// What a module says of itself where it runs, beside what this process knows of its contract.
#[derive(Debug)]
pub struct Met {
    ours: Option<&'static ContractDescriptor>,
    theirs: Theirs,
}

#[derive(Debug)]
enum Theirs {
    Here(Introduction),
    Off,
    Unknown,
    Answered(Introduction),
    Silent(Failure),
}

/// Asks a module what it serves, where it runs in another process.
pub async fn meet(
    transports: Option<&Transports>,
    (module, place): (&str, &Place),
    call: &Call,
) -> Met {
    let ours = descriptor_of(module);
    let theirs = match (place, transports, ours) {
        (Place::Here, _, Some(ours)) => Theirs::Here(Introduction::of(ours)),
        (Place::Off, ..) => Theirs::Off,
        (Place::Http(_) | Place::Nats, Some(transports), Some(ours)) => {
            match transports.introduction(place, &ours.address(), call).await {
                Ok(theirs) => Theirs::Answered(theirs),
                Err(failure) => Theirs::Silent(failure),
            }
        }
        _ => Theirs::Unknown,
    };
    Met { ours, theirs }
}

impl Met {
    /// The contract and its version, as it is served; `inventory.v1`.
    pub fn contract(&self) -> Option<String> {
        self.served().map(|served| format!("{}.v{}", served.contract, served.version))
    }

    /// The fingerprint of what is served.
    pub fn fingerprint(&self) -> Option<&str> {
        self.served().map(|served| served.fingerprint.as_str())
    }

    /// `here`, `reachable`, `differs` (and gets along), `incompatible`, `unreachable`, `off` or `unknown`.
    pub fn state(&self) -> &'static str {
        match &self.theirs {
            Theirs::Here(_) => "here",
            Theirs::Off => "off",
            Theirs::Unknown => "unknown",
            Theirs::Answered(_) => match self.met() {
                Agreement::Same => "reachable",
                Agreement::Compatible(_) => "differs",
                Agreement::Incompatible(_) => "incompatible",
            },
            Theirs::Silent(_) => "unreachable",
        }
    }

    /// Why it is not reachable, or what it serves that this process knows otherwise.
    pub fn detail(&self) -> Option<String> {
        if let Theirs::Silent(failure) = &self.theirs {
            return Some(failure.chain());
        }
        match self.met() {
            Agreement::Same => None,
            Agreement::Compatible(differences) => Some(differences.join("; ")),
            Agreement::Incompatible(breaking) => {
                Some(breaking.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
            }
        }
    }

    fn met(&self) -> Agreement {
        match (&self.theirs, self.ours) {
            (Theirs::Answered(theirs), Some(ours)) => theirs.meet(ours),
            _ => Agreement::Same,
        }
    }

    fn served(&self) -> Option<&Introduction> {
        match &self.theirs {
            Theirs::Answered(said) | Theirs::Here(said) => Some(said),
            Theirs::Off | Theirs::Unknown | Theirs::Silent(_) => None,
        }
    }
}
