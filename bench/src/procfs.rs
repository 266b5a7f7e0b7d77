use std::fs;
use std::time::Duration;

use e2e::Outcome;

/// The resident memory of a process in KiB.
pub(crate) fn resident(pid: i32) -> Outcome<u64> {
    Ok(status(pid, "VmRSS:")?.trim_end_matches(" kB").trim().parse()?)
}

/// The parent of a process.
pub(crate) fn parent(pid: i32) -> Outcome<i32> {
    Ok(status(pid, "PPid:")?.parse()?)
}

/// The name of a process.
pub(crate) fn name(pid: i32) -> Outcome<String> {
    status(pid, "Name:")
}

/// The CPU time that a process and its children have used, those that ended included.
pub(crate) fn cpu(pid: i32) -> Outcome<Duration> {
    let mut ticks = own_ticks(pid)?;
    for entry in fs::read_dir("/proc")? {
        let Some(child) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // One that ended meanwhile is in its parent's sum.
        if parent(child).is_ok_and(|parent| parent == pid) {
            ticks += own_ticks(child).unwrap_or_default();
        }
    }
    let per_second = rustix::param::clock_ticks_per_second();
    Ok(Duration::from_micros(ticks * 1_000_000 / per_second))
}

fn own_ticks(pid: i32) -> Outcome<u64> {
    ticks(&fs::read_to_string(format!("/proc/{pid}/stat"))?)
}

/// The sum of user and system time, and of those of children that ended: fields 14 to 17.
fn ticks(stat: &str) -> Outcome<u64> {
    let (_, fields) = stat.rsplit_once(") ").ok_or("a process without a name")?;
    fields.split(' ').skip(11).take(4).map(|field| Ok(field.parse::<u64>()?)).sum()
}

fn status(pid: i32, field: &str) -> Outcome<String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    Ok(line.ok_or_else(|| format!("no {field} of process {pid}"))?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ticks_of_a_process_with_an_odd_name_are_found() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194560 10 20 0 0 7 5 3 2 20 0 1 0 9 9 9";

        assert_eq!(ticks(stat).ok(), Some(17));
    }

    #[test]
    fn this_process_has_memory_and_a_parent() {
        let pid = i32::try_from(std::process::id()).unwrap();

        assert!(resident(pid).unwrap() > 0);
        assert!(parent(pid).unwrap() > 0);
        assert!(cpu(pid).is_ok());
    }
}
