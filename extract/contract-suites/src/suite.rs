use futures_util::future::LocalBoxFuture;
use kernel::contract::ContractDescriptor;

/// What a contract promises.
pub struct Suite<S: 'static> {
    /// Which contract.
    pub contract: &'static ContractDescriptor,
    /// Its promises, one after the other in any order or side by side.
    pub sentences: &'static [Sentence<S>],
    /// The codes that no caller can bring about on a healthy shop that it shares with others.
    pub out_of_reach: &'static [&'static str],
}

/// One promise.
pub struct Sentence<S> {
    /// What it says.
    pub name: &'static str,
    /// Fails unless it is so on this stage: the contract, and what it needs around it.
    pub holds: fn(S) -> LocalBoxFuture<'static, ()>,
}

/// Makes the suite of a contract of functions that are its sentences.
macro_rules! suite {
    ($contract:ty, $stage:ty { $($sentence:path),+ $(,)? } out of reach: $out_of_reach:expr) => {
        /// What the contract promises.
        pub static SUITE: $crate::Suite<$stage> = $crate::Suite {
            contract: <$contract as kernel::contract::Contract>::DESCRIPTOR,
            sentences: &[$($crate::Sentence {
                name: stringify!($sentence),
                holds: |stage| Box::pin($sentence(stage)),
            }),+],
            out_of_reach: &$out_of_reach,
        };
    };
}
pub(crate) use suite;
