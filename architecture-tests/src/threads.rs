/// Does something with each of many, on as many threads as there are processors; the results are in no order.
pub(crate) fn side_by_side<T: Sync, R: Send>(all: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    if all.len() < 8 * threads {
        return all.iter().map(each).collect();
    }
    let share =
        |start: usize| all.iter().skip(start).step_by(threads).map(&each).collect::<Vec<R>>();
    std::thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|start| scope.spawn(move || share(start))).collect();
        let joined = |thread: std::thread::ScopedJoinHandle<'_, Vec<R>>| match thread.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        started.into_iter().flat_map(joined).collect()
    })
}
