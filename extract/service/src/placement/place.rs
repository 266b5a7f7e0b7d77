use std::collections::BTreeMap;

/// Where a module runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In this process.
    Here,
    /// In others, at these urls.
    Http(Vec<String>),
    /// In others, behind the broker.
    Nats,
    /// Nowhere at all.
    Off,
    /// Not in this process, and it was not told where else.
    Unknown,
}

impl Place {
    /// As the settings write it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Here => "local",
            Self::Http(_) => "http",
            Self::Nats => "nats",
            Self::Off => "off",
            Self::Unknown => "elsewhere",
        }
    }
}

/// Where every module runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places(BTreeMap<&'static str, Place>);

impl Places {
    pub(super) fn put(&mut self, module: &'static str, place: Place) {
        self.0.insert(module, place);
    }

    /// Where a module runs.
    pub fn of(&self, module: &str) -> &Place {
        self.0.get(module).unwrap_or(&Place::Unknown)
    }

    /// Whether a module runs in this process.
    pub fn is_here(&self, module: &str) -> bool {
        *self.of(module) == Place::Here
    }

    /// Every module with its place.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &Place)> {
        self.0.iter().map(|(module, place)| (*module, place))
    }
}
