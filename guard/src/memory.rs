//! What each thread holds of memory: an allocator that counts, and nothing else.
//!
//! A decision runs on one thread from beginning to end and gives back what it took, so what its thread holds more than
//! before is what the decision holds. Memory that one thread takes and another gives back moves both counts; only
//! differences within one call mean anything.

#![expect(unsafe_code, reason = "an allocator cannot be written without it")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use switchboard_engine::script::Gauge;

thread_local! {
    // Constant and without a destructor, so that touching it allocates nothing.
    static HELD: Cell<i64> = const { Cell::new(0) };
    static HIGHEST: Cell<i64> = const { Cell::new(0) };
}

/// The allocator of the system, counted by thread.
///
/// ```
/// #[global_allocator]
/// static MEMORY: switchboard_guard::Counting = switchboard_guard::Counting;
///
/// let before = switchboard_guard::held();
/// let bytes = vec![0u8; 1_000_000];
/// assert!(switchboard_guard::held() - before >= 1_000_000);
/// drop(bytes);
/// assert!(switchboard_guard::held() - before < 1_000);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Counting;

/// Memory as the engine asks for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory;

impl Gauge for Memory {
    fn held(&self) -> i64 {
        held()
    }
}

/// Bytes that this thread has taken and not given back; below zero where it gave back what others took.
pub fn held() -> i64 {
    // A thread that is ending counts no more.
    HELD.try_with(Cell::get).unwrap_or_default()
}

/// The highest that [`held`] ever was on this thread, or since [`forget_highest`].
pub fn highest() -> i64 {
    HIGHEST.try_with(Cell::get).unwrap_or_default()
}

/// Begins the highest anew at what is held now.
pub fn forget_highest() {
    let _ = HIGHEST.try_with(|highest| highest.set(held()));
}

fn count(bytes: i64) {
    let _ = HELD.try_with(|held| {
        let now = held.get().wrapping_add(bytes);
        held.set(now);
        let _ = HIGHEST.try_with(|highest| highest.set(highest.get().max(now)));
    });
}

fn bytes(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

// SAFETY: every call goes to the system's allocator as it came; what is counted is never used for memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as promised by whoever calls.
        let taken = unsafe { System.alloc(layout) };
        if !taken.is_null() {
            count(bytes(layout.size()));
        }
        taken
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as promised by whoever calls.
        let taken = unsafe { System.alloc_zeroed(layout) };
        if !taken.is_null() {
            count(bytes(layout.size()));
        }
        taken
    }

    unsafe fn dealloc(&self, taken: *mut u8, layout: Layout) {
        count(-bytes(layout.size()));
        // SAFETY: as promised by whoever calls.
        unsafe { System.dealloc(taken, layout) };
    }

    unsafe fn realloc(&self, taken: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as promised by whoever calls.
        let moved = unsafe { System.realloc(taken, layout, size) };
        if !moved.is_null() {
            count(bytes(size) - bytes(layout.size()));
        }
        moved
    }
}
