use std::time::Duration;

use kernel::Call;

/// What a purchase that has no outcome yet leaves of the caller's time, to be told so: it lets go of its saga, which is a
/// commit, reads the order, and the answer may cross a network. On a busy machine that is hundreds of milliseconds.
const TIME_TO_ANSWER: Duration = Duration::from_secs(1);
/// A caller with little time loses no more of it than one part in so many.
const PART_TO_ANSWER: u32 = 4;

/// The same call, with an earlier end: what is done by then can be answered in the caller's time.
pub(super) fn to_be_answered(call: &Call) -> Call {
    let kept = TIME_TO_ANSWER.min(call.remaining() / PART_TO_ANSWER);
    Call { deadline: call.deadline.checked_sub(kept).unwrap_or(call.deadline), ..call.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MODULE;

    #[test]
    fn a_second_is_kept_for_the_answer_and_less_of_little_time() {
        for (time, kept) in [(10_000, 1_000), (4_000, 1_000), (400, 100), (0, 0)] {
            let call = Call::system(MODULE, Duration::from_millis(time));

            let earlier = call.deadline - to_be_answered(&call).deadline;

            let most = Duration::from_millis(kept);
            assert!(earlier <= most && earlier >= most * 9 / 10, "{earlier:?} of {time} ms");
        }
    }
}
