use kernel::contract::Problem;

/// The problem that a callee sent. Documents of anybody else, who may stand on the way, say nothing about a call.
pub fn problem_in(body: &[u8]) -> Option<Box<Problem>> {
    let problem = serde_json::from_slice::<Problem>(body).ok()?;
    (problem.refusal.is_some() || problem.failure.is_some()).then(|| Box::new(problem))
}
