use proc_macro2::{Delimiter, TokenTree};

/// Whether what comes is for tests: from `#[test]` or `#[cfg(test)]` up to the end of what that stands before.
#[derive(Default)]
pub(super) struct TestAhead {
    is_on: bool,
    /// How many `<` are open.
    angles: usize,
    /// Whether bounds are listed, with commas that end nothing.
    is_bound: bool,
}

impl TestAhead {
    pub(super) fn is_on(&self) -> bool {
        self.is_on
    }

    pub(super) fn begin(&mut self) {
        *self = Self { is_on: true, ..Self::default() };
    }

    /// Passes a token, which may be the end: a body, a `;`, or a `,` that parts neither types nor bounds.
    pub(super) fn pass(&mut self, token: &TokenTree, before: Option<&TokenTree>) {
        let is_arrow =
            matches!(before, Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '-' | '='));
        let ends = match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => match punct.as_char() {
                ';' => true,
                ',' => self.angles == 0 && !self.is_bound,
                '<' => {
                    self.angles += 1;
                    false
                }
                '>' if !is_arrow => {
                    self.angles = self.angles.saturating_sub(1);
                    false
                }
                _ => false,
            },
            TokenTree::Ident(word) => {
                self.is_bound |= word == "where";
                false
            }
            TokenTree::Literal(_) => false,
        };
        if ends {
            *self = Self::default();
        }
    }
}
