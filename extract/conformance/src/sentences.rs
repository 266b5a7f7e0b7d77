/// Makes a test of each sentence, for a transport: `conformance::sentences!(crate::desk::OverHttp);`.
#[macro_export]
macro_rules! sentences {
    ($way:ty) => {
        $crate::sentences! { $way;
            outcomes {
                every_outcome_is_the_same
                a_panic_is_a_failure_whose_effect_is_not_known
                a_call_ends_at_its_deadline_and_without_time_is_not_begun
                a_callee_knows_the_context_and_has_no_more_time_than_its_caller
            }
            callers {
                a_read_ends_when_its_caller_goes_away
                a_write_survives_its_caller
            }
            limits {
                a_message_is_as_large_as_it_may_be_or_not_executed
                a_message_is_as_deep_as_it_may_be_or_not_executed
                an_answer_that_is_too_large_may_have_been_executed
            }
            streams {
                a_stream_comes_whole_and_in_order
                a_stream_may_be_empty
                a_failure_ends_a_stream
                a_stream_is_refused_before_it_begins
                a_stream_of_which_nothing_is_heard_is_dead
                a_stream_that_says_that_it_is_alive_may_take_its_time
                a_stream_ends_when_its_caller_goes_away
            }
            tokens {
                a_token_opens_once
                forged_expired_and_moved_tokens_are_denied_and_execute_nothing
                what_is_not_served_is_a_mismatch_and_not_executed
            }
        }
    };
    ($way:ty; $($subject:ident { $($sentence:ident)+ })+) => {
        $(mod $subject {
            $(#[tokio::test]
            async fn $sentence() {
                if let Some(way) = <$way as $crate::Way>::open().await {
                    $crate::$subject::$sentence(way).await;
                }
            })+
        })+
    };
}
