//! A stream in lines of JSON: `{"item":…}`, `{"alive":true}`, and as the last one `{"end":true}` or `{"failed":…}`.

use bytes::Bytes;
use kernel::Failure;
use kernel::contract::{Frame, Problem};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::lost::unreadable;

/// A line that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// It has an item, and others follow.
    Item(Bytes),
    /// It is the last one.
    Last(Bytes),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Read<'a> {
    #[serde(borrow)]
    Item(&'a RawValue),
    Failed(Box<Problem>),
    End(IgnoredAny),
    Alive(IgnoredAny),
}

impl Line {
    /// What a stream says that has nothing to say.
    pub const ALIVE: Bytes = Bytes::from_static(b"{\"alive\":true}\n");

    /// The line of what came next in a stream. One that stops without its end ends with a failure.
    pub fn of(next: Option<Result<Frame, Failure>>) -> Self {
        match next {
            Some(Ok(Frame::Item(item))) => Self::Item(item_line(&item)),
            Some(Ok(Frame::End)) => Self::Last(Bytes::from_static(b"{\"end\":true}\n")),
            Some(Ok(Frame::Failed(problem))) => Self::Last(failed_line(&problem)),
            Some(Err(failure)) => Self::failed(&failure),
            None => Self::failed(&Failure::unavailable("the stream stopped without its end")),
        }
    }

    /// The last line of a stream that fails.
    pub fn failed(failure: &Failure) -> Self {
        Self::Last(failed_line(&Problem::failed(failure)))
    }

    /// What a line says; nothing if it only says that the stream is alive.
    pub fn read(line: &Bytes) -> Result<Option<Frame>, Failure> {
        Ok(Some(match serde_json::from_slice(line).map_err(unreadable)? {
            Read::Item(item) => Frame::Item(line.slice_ref(item.get().as_bytes())),
            Read::Failed(problem) => Frame::Failed(problem),
            Read::End(_) => Frame::End,
            Read::Alive(_) => return Ok(None),
        }))
    }
}

fn item_line(item: &[u8]) -> Bytes {
    let mut line = Vec::with_capacity(item.len() + 10);
    line.extend_from_slice(b"{\"item\":");
    // In JSON a line break is only ever a blank between values.
    line.extend(item.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }));
    line.extend_from_slice(b"}\n");
    line.into()
}

fn failed_line(problem: &Problem) -> Bytes {
    let mut line = b"{\"failed\":".to_vec();
    line.extend(serde_json::to_vec(problem).unwrap_or_default());
    line.extend_from_slice(b"}\n");
    line.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: Line) -> String {
        let (Line::Item(bytes) | Line::Last(bytes)) = line;
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn an_item_is_one_line_and_is_read_as_it_was() {
        let line = Line::of(Some(Ok(Frame::Item(Bytes::from_static(b"[1,\n2]")))));
        assert_eq!(line, Line::Item(Bytes::from_static(b"{\"item\":[1, 2]}\n")));

        let read = Line::read(&text(line).into()).unwrap();
        assert!(matches!(read, Some(Frame::Item(item)) if item == "[1, 2]"));
        assert!(Line::read(&Line::ALIVE).unwrap().is_none());
        assert!(Line::read(&Bytes::from_static(b"{\"new\":1}")).is_err());
    }

    #[test]
    fn every_stream_ends_with_its_end_or_a_failure() {
        let whole = text(Line::of(Some(Ok(Frame::End))));
        let (cut, late) = (text(Line::of(None)), text(Line::of(Some(Err(Failure::deadline())))));

        assert!(matches!(Line::read(&whole.into()), Ok(Some(Frame::End))));
        for (line, kind) in [(cut, "unavailable"), (late, "deadline")] {
            assert!(line.contains(kind), "{line}");
            assert!(matches!(Line::read(&line.into()), Ok(Some(Frame::Failed(_)))));
        }
    }
}
