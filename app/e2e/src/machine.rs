use std::fs;

/// The machine in a line: processor, cores, memory and kernel, as far as they can be read.
pub fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let model = field(&processors, "model name").unwrap_or("an unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = read("/proc/meminfo");
    let memory = field(&memory, "MemTotal").and_then(|kib| kib.split(' ').next()?.parse().ok());
    let gib = memory.unwrap_or(0_u64).div_ceil(1 << 20);
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{model}, {cores} cores, {gib} GiB, Linux {}", kernel.trim())
}

fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim())
}
