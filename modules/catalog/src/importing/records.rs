use csv_core::{ReadRecordResult, Reader};

/// A record of a CSV, and the line of the file on which it begins.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Record {
    pub(crate) line: u64,
    pub(crate) fields: Vec<String>,
    /// A quote in it is not closed.
    pub(crate) is_open: bool,
}

/// The records of a text that begins on a line of a file. Lines without anything are passed over.
pub(crate) fn records(text: &str, first_line: u64) -> impl Iterator<Item = Record> + '_ {
    let mut rest = text;
    let mut line = first_line;
    let mut reader = Reader::new();
    std::iter::from_fn(move || {
        let ends = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        line += newlines(&rest[..ends]);
        rest = &rest[ends..];
        if rest.is_empty() {
            return None;
        }
        let (fields, length) = read(&mut reader, rest.as_bytes());
        let (record, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let is_open = behind.is_empty() && record.matches('"').count() % 2 == 1;
        let read = Record { line, fields, is_open };
        line += newlines(record);
        rest = behind;
        Some(read)
    })
}

fn newlines(text: &str) -> u64 {
    text.bytes().map(|byte| u64::from(byte == b'\n')).sum()
}

/// The fields of the first record, and its length.
fn read(reader: &mut Reader, input: &[u8]) -> (Vec<String>, usize) {
    reader.reset();
    let (mut output, mut ends) = (vec![0; 4_096], vec![0; 64]);
    let (mut taken, mut written, mut ended) = (0, 0, 0);
    loop {
        let (result, read, wrote, closed) =
            reader.read_record(&input[taken..], &mut output[written..], &mut ends[ended..]);
        (taken, written, ended) = (taken + read, written + wrote, ended + closed);
        match result {
            ReadRecordResult::OutputFull => output.resize(output.len() * 4, 0),
            ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 4, 0),
            ReadRecordResult::InputEmpty => {} // asked once more with nothing, it ends the record
            ReadRecordResult::Record | ReadRecordResult::End => break,
        }
    }
    let mut start = 0;
    let fields = ends[..ended].iter().map(|end| {
        let field = String::from_utf8_lossy(&output[start..*end]).into_owned();
        start = *end;
        field
    });
    (fields.collect(), taken)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_may_have_lines_quotes_and_commas_and_lines_are_counted() {
        let text = "a,\"b\r\n\"\"c\"\", d\"\r\n\r\n\ne,f\nlast,";

        let read: Vec<Record> = records(text, 10).collect();

        let fields: Vec<Vec<&str>> =
            read.iter().map(|record| record.fields.iter().map(String::as_str).collect()).collect();
        assert_eq!(fields, [vec!["a", "b\r\n\"c\", d"], vec!["e", "f"], vec!["last", ""]]);
        assert_eq!(read.iter().map(|record| record.line).collect::<Vec<_>>(), [10, 14, 15]);
    }

    #[test]
    fn a_quote_that_is_not_closed_is_seen() {
        let read: Vec<Record> = records("a,b\nc,\"d\ne,f", 1).collect();

        assert_eq!(read.iter().map(|record| record.is_open).collect::<Vec<_>>(), [false, true]);
    }

    proptest! {
        #[test]
        fn what_was_quoted_is_read_again(rows in prop::collection::vec(prop::collection::vec("[a\",\r\n é]{0,9}", 2..70), 1..5)) {
            let quoted = |row: &Vec<String>| {
                let fields = row.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\"")));
                fields.collect::<Vec<_>>().join(",")
            };
            let text = rows.iter().map(quoted).collect::<Vec<_>>().join("\r\n");

            let read: Vec<Vec<String>> = records(&text, 1).map(|record| record.fields).collect();

            prop_assert_eq!(read, rows);
        }
    }
}
