use std::collections::VecDeque;

use catalog_contract::{ImportPart, ImportProblem, ImportReport};

use super::record::{Record, Unfit, fields};

/// A part is given away at the first new handle after so many bytes.
const ENOUGH_BYTES: usize = 256 * 1024;
/// No part has more, counted as they go to the catalogue, where its header counts too.
const MOST_BYTES: usize = ImportPart::MOST_BYTES - MOST_HEADER_BYTES;
const MOST_HEADER_BYTES: usize = 64 * 1024;
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
            (Some(_), Ok((text, _))) if ImportPart::bytes_of(&text) > MOST_BYTES => {
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
        if ImportPart::bytes_of(header) > MOST_HEADER_BYTES {
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
        let (held, bytes) = (self.part.bytes, ImportPart::bytes_of(text));
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
        let bytes = ImportPart::bytes_of(&lines);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(file: &[u8], chunk: usize) -> (Vec<ImportPart>, ImportReport) {
        let mut splitter = Splitter::default();
        let mut parts = Vec::new();
        for bytes in file.chunks(chunk) {
            splitter.push(bytes).unwrap();
            parts.extend(std::iter::from_fn(|| splitter.next_part()));
        }
        splitter.finish().unwrap();
        parts.extend(std::iter::from_fn(|| splitter.next_part()));
        (parts, splitter.into_report())
    }

    #[test]
    fn a_small_file_is_one_part() {
        let file = "\u{feff}Handle,Title\r\nmug,\"A \"\"big\"\"\nmug\"\r\nmug,\r\ncup,Cup";

        let (parts, report) = split(file.as_bytes(), 3);

        let records = "mug,\"A \"\"big\"\"\nmug\"\r\nmug,\r\ncup,Cup".to_owned();
        assert_eq!(parts, [ImportPart { header: "Handle,Title".into(), records, first_line: 2 }]);
        assert_eq!(report, ImportReport::default());
    }

    #[test]
    fn a_handle_is_never_cut_and_lines_are_counted() {
        let mut file = "Title,Handle\n".to_owned();
        for product in 0..3000 {
            file.push_str(&format!("\"{}\n\",p{product}\n", "x".repeat(100)).repeat(3));
        }

        let (parts, _) = split(file.as_bytes(), 64 * 1024);

        assert!(parts.len() > 2);
        let mut line = 2;
        let mut before = String::new();
        for part in &parts {
            assert_eq!(part.first_line, line);
            assert!(part.bytes() <= ImportPart::MOST_BYTES);
            let handle =
                |record: Option<&str>| record.unwrap().rsplit(',').next().unwrap().to_owned();
            assert_ne!(handle(part.records.lines().nth(1)), before);
            before = handle(part.records.lines().last());
            line += part.records.matches('\n').count() as u64;
        }
        let joined: String = parts.iter().map(|part| part.records.as_str()).collect();
        assert_eq!(format!("Title,Handle\n{joined}"), file);
    }

    #[test]
    fn no_part_and_no_record_is_larger_than_what_carries_it_takes() {
        let quotes = |count: usize| format!("mug,\"{}\"\n", "\"\"".repeat(count));
        let file =
            ["Handle,Title\n", &quotes(200_000), &quotes(100_000), &quotes(300_000)].concat();

        let (parts, report) = split(file.as_bytes(), 64 * 1024);

        assert_eq!(parts.iter().map(|part| part.first_line).collect::<Vec<_>>(), [2, 3]);
        for part in parts {
            let written = serde_json::to_vec(&part).unwrap().len() - part.bytes();
            assert!(part.bytes() <= ImportPart::MOST_BYTES && written < 100, "{written}");
        }
        let told: Vec<_> =
            report.errors.iter().map(|error| (error.line, error.message.as_str())).collect();
        assert_eq!(told, [(4, "the record is too long")]);
    }

    #[test]
    fn a_record_that_is_no_text_is_told_of_and_the_lines_behind_it_keep_their_numbers() {
        let (parts, report) = split(b"Handle\na\n\"\xff\nb\"\nc\0\nd\n\"e", 1);

        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].records, "a\n\n\n\nd\n");
        let told: Vec<_> =
            report.errors.iter().map(|error| (error.line, error.message.as_str())).collect();
        let quote = "a quote is never closed";
        assert_eq!(told, [(3, "not UTF-8"), (5, "contains U+0000"), (7, quote)]);
        assert_eq!(report.skipped, 3);
    }

    #[test]
    fn what_has_no_header_is_no_file_of_ours() {
        for (file, reason) in [
            (&b""[..], Unsplittable::NoHeader),
            (b"\n", Unsplittable::NoHeader),
            (b"\xff\n", Unsplittable::NoHeader),
        ] {
            let mut splitter = Splitter::default();
            let ended = splitter.push(file).and_then(|()| splitter.finish());
            assert_eq!(ended, Err(reason));
        }
        let long = vec![b'x'; MOST_HEADER_BYTES + 2];
        let mut splitter = Splitter::default();
        assert_eq!(
            splitter.push(&long).and_then(|()| splitter.finish()),
            Err(Unsplittable::HeaderTooLong)
        );
    }

    proptest! {
        #[test]
        fn where_the_bytes_are_cut_does_not_matter(
            body in "([a-c]{0,2}[,\"\n]){0,60}", chunk in 1_usize..20,
        ) {
            let file = format!("Handle,B\n{body}");

            prop_assert_eq!(split(file.as_bytes(), chunk), split(file.as_bytes(), file.len()));
        }
    }
}
