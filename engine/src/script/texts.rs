//! Functions for texts that can make much out of little, with their limit looked at before and not after.
//!
//! Rhai looks at the size of what a function gave when it is made. Replacing each letter of a text by a text of the same
//! length makes its square.

use rhai::{EvalAltResult, FuncRegistration, ImmutableString, Module, NativeCallContext, Position};

type Outcome = Result<(), Box<EvalAltResult>>;

/// Adds `text.replace(what, by)`, for texts and characters.
pub(super) fn add(module: &mut Module) {
    FuncRegistration::new("replace").set_into_module(
        module,
        |context: NativeCallContext<'_>, text: &mut ImmutableString, what: &str, by: &str| {
            replace(&context, text, what, by)
        },
    );
    FuncRegistration::new("replace").set_into_module(
        module,
        |context: NativeCallContext<'_>, text: &mut ImmutableString, what: &str, by: char| {
            replace(&context, text, what, by.encode_utf8(&mut [0; 4]))
        },
    );
    FuncRegistration::new("replace").set_into_module(
        module,
        |context: NativeCallContext<'_>, text: &mut ImmutableString, what: char, by: &str| {
            replace(&context, text, what.encode_utf8(&mut [0; 4]), by)
        },
    );
    FuncRegistration::new("replace").set_into_module(
        module,
        |context: NativeCallContext<'_>, text: &mut ImmutableString, what: char, by: char| {
            replace(&context, text, what.encode_utf8(&mut [0; 4]), by.encode_utf8(&mut [0; 4]))
        },
    );
}

fn replace(context: &NativeCallContext<'_>, text: &mut ImmutableString, what: &str, by: &str) -> Outcome {
    let most = context.engine().max_string_size();
    let times = text.matches(what).count();
    let bytes = text.len().saturating_add(times.saturating_mul(by.len().saturating_sub(what.len())));
    if bytes > most {
        let what = "Length of string".to_owned();
        return Err(EvalAltResult::ErrorDataTooLarge(what, Position::NONE).into());
    }
    if times > 0 {
        *text = text.replace(what, by).into();
    }
    Ok(())
}
