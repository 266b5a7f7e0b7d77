/// What a live database says of itself after all migrations ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// What in one schema stands on something in another: a foreign key, a view, a function, a default, a trigger, a
    /// policy.
    pub crossings: Vec<Crossing>,
    /// Which role may do what in which schema.
    pub rights: Vec<Right>,
}

/// Something in one schema that stands on another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// What it is: `foreign key`, `view`.
    pub kind: String,
    /// Its schema and name.
    pub from: (String, String),
    /// The schema and name of what it stands on.
    pub to: (String, String),
}

/// What a role may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// The role.
    pub role: String,
    /// The schema that it was made for.
    pub own: String,
    /// The schema that it may do it in.
    pub schema: String,
    /// What.
    pub what: String,
}
