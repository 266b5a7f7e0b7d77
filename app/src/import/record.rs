/// Where in a record the next byte stands.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    FieldStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

/// What a byte is.
enum Step {
    Content(u8),
    FieldEnd,
    RecordEnd,
    Quote,
}

impl State {
    fn step(self, byte: u8) -> (Self, Step) {
        match (self, byte) {
            (Self::FieldStart, b'"') => (Self::Quoted, Step::Quote),
            (Self::Quoted, b'"') => (Self::QuoteInQuoted, Step::Quote),
            (Self::Quoted, _) | (Self::QuoteInQuoted, b'"') => (Self::Quoted, Step::Content(byte)),
            (_, b',') => (Self::FieldStart, Step::FieldEnd),
            (_, b'\n') => (Self::FieldStart, Step::RecordEnd),
            _ => (Self::Plain, Step::Content(byte)),
        }
    }
}

/// The record that is being read: its bytes as they came, and the text of one of its fields.
#[derive(Debug, Default)]
pub(super) struct Record {
    bytes: Vec<u8>,
    state: State,
    field: usize,
    watched: Vec<u8>,
    newlines: usize,
    too_long: bool,
}

/// Why a record is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    TooLong,
    NotText,
    Nul,
    Unclosed,
}

impl Unfit {
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::TooLong => "the record is too long",
            Self::NotText => "not UTF-8",
            Self::Nul => "contains U+0000",
            Self::Unclosed => "a quote is never closed",
        }
    }
}

impl Record {
    /// Takes a byte; true if it was the record's last. Of a record longer than `most` only the end is looked for.
    pub(super) fn push(&mut self, byte: u8, watch: Option<usize>, most: usize) -> bool {
        let (state, step) = self.state.step(byte);
        self.state = state;
        self.newlines += usize::from(byte == b'\n');
        if self.bytes.len() < most {
            self.bytes.push(byte);
        } else {
            self.too_long = true;
        }
        match step {
            Step::Content(content) if watch == Some(self.field) && !self.too_long => {
                self.watched.push(content);
            }
            Step::FieldEnd => self.field += 1,
            Step::Content(_) | Step::Quote | Step::RecordEnd => {}
        }
        matches!(step, Step::RecordEnd)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many ends of line it has.
    pub(super) fn newlines(&self) -> usize {
        self.newlines
    }

    /// The record as text, and the text of the field that was watched.
    pub(super) fn into_text(self) -> Result<(String, String), Unfit> {
        if self.too_long {
            return Err(Unfit::TooLong);
        }
        if self.state == State::Quoted {
            return Err(Unfit::Unclosed);
        }
        let text = String::from_utf8(self.bytes).map_err(|_| Unfit::NotText)?;
        if text.contains('\0') {
            return Err(Unfit::Nul);
        }
        let watched = String::from_utf8_lossy(&self.watched).trim().to_owned();
        Ok((text, watched))
    }
}

/// The fields of one record.
pub(super) fn fields(record: &str) -> Vec<String> {
    let mut fields = vec![Vec::new()];
    let mut state = State::default();
    for byte in record.bytes() {
        let (next, step) = state.step(byte);
        state = next;
        match step {
            Step::Content(content) => {
                if let Some(field) = fields.last_mut() {
                    field.push(content);
                }
            }
            Step::FieldEnd => fields.push(Vec::new()),
            Step::Quote | Step::RecordEnd => {}
        }
    }
    fields.iter().map(|field| String::from_utf8_lossy(field).trim().to_owned()).collect()
}
