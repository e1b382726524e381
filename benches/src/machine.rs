//! What is known about the machine that measures.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

/// The load of the last minute, as the system tells it; `?` where it does not.
#[must_use]
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("?").to_owned()
}

/// A line for the head of a run: processor, cores, memory, system, load.
#[must_use]
pub fn describe() -> String {
    let line = |path: &str, name: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find_map(|line| {
            line.strip_prefix(name)?.trim_start().strip_prefix(':').map(str::trim).map(str::to_owned)
        });
        line.unwrap_or_else(|| "?".to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = line("/proc/meminfo", "MemTotal");
    let memory = memory.split(' ').next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() >> 20;
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{}, {cores} cores, {memory} GiB, {} {}, load {}",
        line("/proc/cpuinfo", "model name"),
        std::env::consts::OS,
        release.trim().split('-').next().unwrap_or_default(),
        load()
    )
}

/// A folder on a disk, taken away when dropped: within `SWITCHBOARD_BENCH_FOLDER`, or else where temporary files are.
///
/// # Panics
///
/// When it cannot be made.
#[must_use]
pub fn folder() -> TempDir {
    let made = match std::env::var_os("SWITCHBOARD_BENCH_FOLDER") {
        Some(within) => tempfile::tempdir_in(PathBuf::from(within)),
        None => tempfile::tempdir(),
    };
    made.expect("a folder")
}

/// A line of `/proc/self/status` in KiB: `VmHWM`, the most memory this process had, or `VmRSS`, what it has.
#[must_use]
pub fn memory(name: &str) -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
