//! A stream as lines.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use extract_wire::Line;
use futures_util::{Stream, StreamExt as _, stream};
use kernel::contract::Frames;

pub(super) const MEDIA_TYPE: &str = "application/x-ndjson";

/// One line a frame, and one that says "alive" whenever there was none for so long.
pub(super) fn lines_of(
    frames: Frames,
    heartbeat: Duration,
) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    let lines = stream::unfold(Some(frames), move |open| async move {
        let mut frames = open?;
        Some(match tokio::time::timeout(heartbeat, frames.next()).await {
            Err(_) => (Line::ALIVE, Some(frames)),
            Ok(next) => match Line::of(next) {
                Line::Item(line) => (line, Some(frames)),
                Line::Last(line) => (line, None),
            },
        })
    });
    lines.map(Ok)
}

#[cfg(test)]
mod tests {
    use kernel::contract::Frame;

    use super::*;

    async fn first(count: usize, frames: Frames) -> Vec<String> {
        let lines = lines_of(frames, Duration::from_secs(5)).take(count);
        lines.map(|Ok(line)| String::from_utf8(line.to_vec()).unwrap()).collect().await
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_stream_says_that_it_is_alive() {
        let item = stream::iter([Ok(Frame::Item(Bytes::from_static(b"[1,\n2]")))]);

        let lines = first(3, item.chain(stream::pending()).boxed()).await;

        assert_eq!(lines, ["{\"item\":[1, 2]}\n", "{\"alive\":true}\n", "{\"alive\":true}\n"]);
    }

    #[tokio::test]
    async fn nothing_follows_the_end() {
        let frames = stream::iter([Ok(Frame::End), Ok(Frame::End)]).boxed();

        assert_eq!(first(9, frames).await, ["{\"end\":true}\n"]);
    }
}
