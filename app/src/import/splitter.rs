use std::collections::VecDeque;

use catalog_contract::{ImportPart, ImportProblem, ImportReport};

use super::record::{Record, Unfit, fields};

/// A part is given away at the first new handle after so many bytes.
const ENOUGH_BYTES: usize = 256 * 1024;
/// No part has more, counted as they go to the catalogue, where its header counts too.
const MOST_BYTES: usize = ImportPart::MOST_BYTES - MOST_HEADER_BYTES;
pub(super) const MOST_HEADER_BYTES: usize = 64 * 1024;
/// As many as a report holds.
const MOST_PROBLEMS: usize = 1000;
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Why a file can't be cut at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsplittable {
    /// There is none, or it is not text.
    #[error("the first line must be the header, in UTF-8")]
    NoHeader,
    /// No header of a product CSV is that long.
    #[error("the header is too long")]
    HeaderTooLong,
}

/// Cuts CSV between records, where the handle changes. Bytes are pushed in; whole parts come out.
///
/// A record that is no text is left out and told of. Only a handle whose records fill more than a part is cut itself.
#[derive(Debug, Default)]
pub struct Splitter {
    header: Option<String>,
    handle_column: Option<usize>,
    lines: u64,
    record: Record,
    part: Part,
    ready: VecDeque<ImportPart>,
    left_out: ImportReport,
}

/// The part that is being filled.
#[derive(Debug, Default)]
struct Part {
    records: String,
    bytes: usize,
    first_line: u64,
    handle: String,
}

impl Splitter {
    /// Takes the next bytes of the file, cut anywhere.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Unsplittable> {
        for byte in bytes {
            let most = if self.header.is_some() { MOST_BYTES } else { MOST_HEADER_BYTES };
            if self.record.push(*byte, self.handle_column, most) {
                self.close_record()?;
            } else if self.header.is_none() && self.record.newlines() > MOST_PROBLEMS {
                return Err(Unsplittable::NoHeader);
            }
        }
        Ok(())
    }

    /// Says that the file has ended. The last parts are ready now.
    pub fn finish(&mut self) -> Result<(), Unsplittable> {
        if !self.record.is_empty() {
            self.close_record()?;
        }
        if self.header.is_none() {
            return Err(Unsplittable::NoHeader);
        }
        self.close_part();
        Ok(())
    }

    /// The next part that is whole.
    pub fn next_part(&mut self) -> Option<ImportPart> {
        self.ready.pop_front()
    }

    /// What was left out, as part of the import's report.
    pub fn into_report(self) -> ImportReport {
        self.left_out
    }

    fn close_record(&mut self) -> Result<(), Unsplittable> {
        let record = std::mem::take(&mut self.record);
        let first_line = self.lines + 1;
        let newlines = record.newlines();
        self.lines += newlines as u64;
        match (&self.header, record.into_text()) {
            (None, Ok((header, _))) => self.set_header(&header)?,
            (None, Err(Unfit::TooLong)) => return Err(Unsplittable::HeaderTooLong),
            (None, Err(_)) => return Err(Unsplittable::NoHeader),
            (Some(_), Ok((text, _))) if kernel::json_length(&text) > MOST_BYTES => {
                self.leave_out(Unfit::TooLong, first_line, newlines);
            }
            (Some(_), Ok((text, handle))) => self.add(&text, handle, first_line),
            (Some(_), Err(unfit)) => self.leave_out(unfit, first_line, newlines),
        }
        Ok(())
    }

    fn set_header(&mut self, header: &str) -> Result<(), Unsplittable> {
        let header = header.trim_start_matches(BYTE_ORDER_MARK).trim_end_matches(['\r', '\n']);
        if header.trim().is_empty() {
            return Err(Unsplittable::NoHeader);
        }
        if kernel::json_length(header) > MOST_HEADER_BYTES {
            return Err(Unsplittable::HeaderTooLong);
        }
        self.handle_column = fields(header).iter().position(|name| {
            name.eq_ignore_ascii_case("handle") || name.eq_ignore_ascii_case("url handle")
        });
        self.header = Some(header.to_owned());
        Ok(())
    }

    fn add(&mut self, text: &str, handle: String, first_line: u64) {
        let other_handle = !handle.is_empty() && handle != self.part.handle;
        let (held, bytes) = (self.part.bytes, kernel::json_length(text));
        if (other_handle && held >= ENOUGH_BYTES) || held + bytes > MOST_BYTES {
            self.close_part();
        }
        if self.part.records.is_empty() {
            self.part.first_line = first_line;
        }
        self.part.records.push_str(text);
        self.part.bytes += bytes;
        if other_handle {
            self.part.handle = handle;
        }
    }

    fn leave_out(&mut self, unfit: Unfit, line: u64, newlines: usize) {
        self.left_out.skipped += 1;
        if self.left_out.errors.len() < MOST_PROBLEMS {
            let message = unfit.message().to_owned();
            self.left_out.errors.push(ImportProblem { line, column: String::new(), message });
        }
        // Empty lines in its place keep the numbers of those behind it right.
        let lines = "\n".repeat(newlines);
        let bytes = kernel::json_length(&lines);
        if self.part.bytes + bytes > MOST_BYTES {
            self.close_part();
        } else if !self.part.records.is_empty() {
            self.part.records.push_str(&lines);
            self.part.bytes += bytes;
        }
    }

    fn close_part(&mut self) {
        let Part { records, first_line, .. } = std::mem::take(&mut self.part);
        if let Some(header) = self.header.clone().filter(|_| !records.is_empty()) {
            self.ready.push_back(ImportPart { header, records, first_line });
        }
    }
}
