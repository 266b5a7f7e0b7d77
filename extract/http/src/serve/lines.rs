//! A stream as lines: `{"item":…}`, `{"alive":true}`, and as the last one `{"end":true}` or `{"failed":…}`.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use kernel::Failure;
use kernel::contract::{Frame, Frames, Problem};

pub(super) const MEDIA_TYPE: &str = "application/x-ndjson";

const ALIVE: Bytes = Bytes::from_static(b"{\"alive\":true}\n");
const END: Bytes = Bytes::from_static(b"{\"end\":true}\n");

/// One line a frame, and one that says "alive" whenever there was none for so long.
pub(super) fn lines_of(
    frames: Frames,
    heartbeat: Duration,
) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    let lines = stream::unfold(Some(frames), move |open| async move {
        let mut frames = open?;
        Some(match tokio::time::timeout(heartbeat, frames.next()).await {
            Err(_) => (ALIVE, Some(frames)),
            Ok(Some(Ok(Frame::Item(item)))) => (item_line(&item), Some(frames)),
            Ok(Some(Ok(Frame::End))) => (END, None),
            Ok(Some(Ok(Frame::Failed(problem)))) => (failed_line(&problem), None),
            Ok(Some(Err(failure))) => (failed_line(&Problem::failed(&failure)), None),
            Ok(None) => {
                let cut = Failure::unavailable("the stream stopped without its end");
                (failed_line(&Problem::failed(&cut)), None)
            }
        })
    });
    lines.map(Ok)
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
    async fn every_stream_ends_with_its_end_or_a_failure() {
        let whole = first(9, stream::iter([Ok(Frame::End)]).boxed()).await;
        let cut = first(9, stream::empty().boxed()).await;
        let broken = first(9, stream::iter([Err(Failure::deadline())]).boxed()).await;

        assert_eq!(whole, ["{\"end\":true}\n"]);
        assert!(cut.len() == 1 && cut[0].contains("unavailable"), "{cut:?}");
        assert!(broken.len() == 1 && broken[0].contains("deadline"), "{broken:?}");
    }
}
