use catalog_contract::{ImportPart, ImportReport};
use proptest::prelude::*;

use super::splitter::MOST_HEADER_BYTES;
use super::{Splitter, Unsplittable};

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
        let handle = |record: Option<&str>| record.unwrap().rsplit(',').next().unwrap().to_owned();
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
    let file = ["Handle,Title\n", &quotes(200_000), &quotes(100_000), &quotes(300_000)].concat();

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
