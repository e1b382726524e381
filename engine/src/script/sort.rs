//! Sorting by a script's own comparison.
//!
//! Rhai's `sort` swallows the errors of the comparison and goes on, which a comparison that never ends can make
//! last as long as it likes, and it leans on a sort that panics when the comparison contradicts itself. This one
//! is a plain merge sort that stops at the first error; any comparison gives some order.

use rhai::{Array, Dynamic, EvalAltResult, FnPtr, FuncRegistration, Module, NativeCallContext};

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// Adds `array.sort(|a, b| …)`, also called `sort_by`.
pub(super) fn add(module: &mut Module) {
    for name in ["sort", "sort_by"] {
        FuncRegistration::new(name).set_into_module(module, sort);
    }
}

/// The comparison answers with a number below, at or above zero, or with whether the first goes first.
fn sort(context: NativeCallContext<'_>, array: &mut Array, comparison: FnPtr) -> Outcome<()> {
    let items = std::mem::take(array);
    *array = merge_sort(items, &mut |a, b| goes_after(&context, &comparison, a, b))?;
    Ok(())
}

fn goes_after(
    context: &NativeCallContext<'_>,
    comparison: &FnPtr,
    a: &Dynamic,
    b: &Dynamic,
) -> Outcome<bool> {
    let answer = comparison.call_raw(context, None, [a.clone(), b.clone()])?;
    if let Ok(order) = answer.as_int() {
        return Ok(order > 0);
    }
    if let Ok(first) = answer.as_bool() {
        return Ok(!first);
    }
    Err(format!("a comparison must give a number or true/false, not {}", answer.type_name()).into())
}

/// Sorts in at most `n log n` comparisons; equal elements keep their order.
fn merge_sort(
    items: Array,
    goes_after: &mut impl FnMut(&Dynamic, &Dynamic) -> Outcome<bool>,
) -> Outcome<Array> {
    let mut runs: Vec<Array> = items.into_iter().map(|item| vec![item]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut rest = runs.into_iter();
        while let Some(left) = rest.next() {
            merged.push(match rest.next() {
                Some(right) => merge(left, right, goes_after)?,
                None => left,
            });
        }
        runs = merged;
    }
    Ok(runs.pop().unwrap_or_default())
}

fn merge(
    left: Array,
    right: Array,
    goes_after: &mut impl FnMut(&Dynamic, &Dynamic) -> Outcome<bool>,
) -> Outcome<Array> {
    let mut out = Array::with_capacity(left.len() + right.len());
    let mut left = left.into_iter().peekable();
    let mut right = right.into_iter().peekable();
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if goes_after(a, b)? { right.next() } else { left.next() };
        out.extend(next);
    }
    out.extend(left);
    out.extend(right);
    Ok(out)
}
