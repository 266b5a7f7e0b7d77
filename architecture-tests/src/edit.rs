use crate::facts::{Catalogue, Workspace};

/// A change of a workspace in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Append(String, String),
    Replace(String, String, String),
    Create(String, String),
    Remove(String),
    Depend { manifest: String, section: String, line: String },
    Live(Catalogue),
}

impl Edit {
    /// Changes nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Writes behind the end of a file.
    pub fn append(path: &str, text: &str) -> Self {
        Self::none().and(Step::Append(path.to_owned(), text.to_owned()))
    }

    /// Writes something in the place of something that is there.
    pub fn replace(path: &str, from: &str, to: &str) -> Self {
        Self::none().and(Step::Replace(path.to_owned(), from.to_owned(), to.to_owned()))
    }

    /// Makes a file that is not there.
    pub fn create(path: &str, text: &str) -> Self {
        Self::none().and(Step::Create(path.to_owned(), text.to_owned()))
    }

    /// Takes a file away.
    pub fn remove(path: &str) -> Self {
        Self::none().and(Step::Remove(path.to_owned()))
    }

    /// Declares a dependency in a section of a manifest.
    pub fn depend(manifest: &str, section: &str, line: &str) -> Self {
        let (manifest, section, line) = (manifest.to_owned(), section.to_owned(), line.to_owned());
        Self::none().and(Step::Depend { manifest, section, line })
    }

    /// Has a live database say this of itself.
    pub fn live(catalogue: Catalogue) -> Self {
        Self::none().and(Step::Live(catalogue))
    }

    /// Both, one after the other.
    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.steps.extend(other.steps);
        self
    }

    fn and(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// The workspace as it is after the change. What can't be done is told: then the change is older than the workspace.
    pub fn applied(&self, workspace: &Workspace) -> Result<Workspace, String> {
        let mut tree = workspace.tree.clone();
        let mut live = workspace.catalogue.clone();
        for step in &self.steps {
            let there =
                |path: &str| tree.text(path).cloned().ok_or_else(|| format!("there is no {path}"));
            match step {
                Step::Append(path, text) => {
                    let whole = format!("{}{text}\n", there(path)?);
                    tree.put(path, &whole);
                }
                Step::Replace(path, from, to) => {
                    let text = there(path)?;
                    if !text.contains(from.as_str()) {
                        return Err(format!("{path} has no `{from}`"));
                    }
                    tree.put(path, &text.replacen(from.as_str(), to, 1));
                }
                Step::Create(path, _) if tree.text(path).is_some() => {
                    return Err(format!("there is a {path}"));
                }
                Step::Create(path, text) => tree.put(path, text),
                Step::Remove(path) => {
                    there(path)?;
                    tree.remove(path);
                }
                Step::Depend { manifest, section, line } => {
                    let text = depending(&there(manifest)?, section, line);
                    tree.put(manifest, &text);
                }
                Step::Live(catalogue) => live = Some(catalogue.clone()),
            }
        }
        let mut edited = workspace.with(tree);
        edited.catalogue = live;
        Ok(edited)
    }
}

/// A manifest with one more line in a section.
fn depending(manifest: &str, section: &str, line: &str) -> String {
    let header = format!("[{section}]\n");
    if manifest.contains(&header) {
        manifest.replacen(&header, &format!("{header}{line}\n"), 1)
    } else {
        format!("{manifest}\n{header}{line}\n")
    }
}
