//! Integration modules: registration of telephony and of pages.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Errors, Refusal};
use super::call::Call;
use super::reference;
use super::route::{NONE, Route, get, post};
use super::schema::{Checked, Kind, Schema, TEXT, check, may, must};

pub(super) const ROUTES: &[Route] = &[
    get("/api/v5/integration-modules/{code}", "integration_read", NONE, read),
    post("/api/v5/integration-modules/{code}/edit", "integration_write", &["integrationModule"], edit),
];

const MODULE: Schema = Schema {
    entity: "",
    fields: &[
        must("code", TEXT),
        may("integrationCode", TEXT),
        may("active", Kind::Bool),
        may("freeze", Kind::Bool),
        may("name", TEXT),
        may("logo", Kind::Url),
        may("clientId", TEXT),
        may("baseUrl", Kind::Url),
        may("actions", Kind::Object(&ACTIONS)),
        may("accountUrl", Kind::Url),
        may("availableCountries", Kind::Texts),
        may("native", Kind::Bool),
        may("integrations", Kind::Object(&INTEGRATIONS)),
        // Telephony settings in the wrong place are ignored in silence; the CRM then shows no phone icon.
        may("configuration", Kind::Ignored),
        may("telephony", Kind::Ignored),
        may("makeCallUrl", Kind::Ignored),
        may("changeUserStatusUrl", Kind::Ignored),
        may("additionalCodes", Kind::Ignored),
        may("externalPhones", Kind::Ignored),
    ],
};

/// Members of [`MODULE`] that are forgotten at once.
const IGNORED: &[&str] = &[
    "configuration",
    "telephony",
    "makeCallUrl",
    "changeUserStatusUrl",
    "additionalCodes",
    "externalPhones",
];

const ACTIONS: Schema = Schema { entity: "", fields: &[may("activity", TEXT), may("settings", TEXT)] };

const INTEGRATIONS: Schema = Schema {
    entity: "",
    fields: &[
        may("telephony", Kind::Object(&TELEPHONY)),
        may("embedJs", Kind::Object(&EMBED)),
        may("mgTransport", Kind::Any),
        may("mgBot", Kind::Any),
        may("store", Kind::Any),
        may("delivery", Kind::Any),
        may("payment", Kind::Any),
        may("recommendation", Kind::Any),
    ],
};

const TELEPHONY: Schema = Schema {
    entity: "",
    fields: &[
        may("makeCallUrl", Kind::Url),
        may("changeUserStatusUrl", Kind::Url),
        may("allowEdit", Kind::Bool),
        may("inputEventSupported", Kind::Bool),
        may("outputEventSupported", Kind::Bool),
        may("hangupEventSupported", Kind::Bool),
        may("additionalCodes", Kind::Objects(&CODE)),
        may("externalPhones", Kind::Objects(&EXTERNAL)),
    ],
};

const EMBED: Schema = Schema {
    entity: "",
    fields: &[
        // An address, or a path below `baseUrl`.
        must("entrypoint", TEXT),
        may("stylesheet", TEXT),
        may("runner", Kind::OneOf(&["iframe", WORKER])),
        may("targets", Kind::Texts),
        may("pages", Kind::Objects(&PAGE)),
    ],
};

/// The runner that pages demand.
const WORKER: &str = "worker";

const PAGE: Schema = Schema {
    entity: "",
    fields: &[
        must("code", TEXT),
        // Without it the page does not open.
        must("menu", TEXT),
        may("parentMenuItemCode", TEXT),
        may("menuItemOrdering", Kind::Int),
        may("menuItemTitle", Kind::Object(&WORDS)),
        may("pageHelpLink", Kind::Object(&WORDS)),
        may("isSettingsMainPage", Kind::Bool),
    ],
};

const WORDS: Schema = Schema { entity: "", fields: &[may("ru", TEXT), may("en", TEXT), may("es", TEXT)] };

/// Places for widgets.
const TARGETS: &[&str] = &[
    "customer/card:phone",
    "customer/card:communications.after",
    "customer/card:inWork.before",
    "customer/card:inWork.after",
    "order/card:common.before",
    "order/card:common.after",
    "order/card:customer.before",
    "order/card:customer.after",
    "order/card:customer.email",
    "order/card:customer.phone",
    "order/card:list.before",
    "order/card:list.after",
    "order/card:store.before",
    "order/card:dimensions.before",
    "order/card:delivery.before",
    "order/card:delivery.after",
    "order/card:delivery.address",
    "order/card:payment.before",
    "order/card:comment.manager.before",
];

const CODE: Schema = Schema { entity: "", fields: &[must("userId", Kind::Int), must("code", TEXT)] };
const EXTERNAL: Schema =
    Schema { entity: "", fields: &[must("siteCode", TEXT), must("externalPhone", TEXT)] };

fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut module = call.crm.modules.get(call.arg(0)).cloned().ok_or_else(Refusal::not_found)?;
    if call.switches.ids_as_strings
        && let Some(Value::Array(codes)) =
            module.get_mut("integrations").and_then(|all| all.pointer_mut("/telephony/additionalCodes"))
    {
        for code in codes {
            if let Some(user) = code.get("userId").and_then(Value::as_u64) {
                code["userId"] = json!(user.to_string());
            }
        }
    }
    Ok(Answer::ok().with("integrationModule", Value::Object(module)))
}

fn edit(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut module = call.object("integrationModule")?;
    let known = call.crm.modules.get(call.arg(0)).cloned();
    let mut errors = check(&module, &MODULE, call.crm, Checked::Create);
    if module.get("code").and_then(Value::as_str).is_some_and(|code| code != call.arg(0)) {
        errors.add("code", "This value is not valid.");
    }
    if known.is_none() {
        rules_of_new(&module, &mut errors);
    }
    rules_of_all(&module, &mut errors);
    errors.into_result()?;
    for name in IGNORED {
        module.shift_remove(*name);
    }
    let info = unknown_members(call, &mut module);
    let is_new = known.is_none();
    let mut stored = known.unwrap_or_default();
    stored.extend(module);
    stored.entry("active").or_insert(json!(true));
    stored.entry("freeze").or_insert(json!(false));
    call.crm.modules.insert(call.arg(0).to_owned(), stored);
    let answer = if is_new { Answer::created() } else { Answer::ok() };
    Ok(answer.with("info", reference::map(info, call.switches.empty_maps)))
}

fn rules_of_new(module: &Map<String, Value>, errors: &mut Errors) {
    for name in ["name", "logo", "baseUrl", "clientId"] {
        if module.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
            errors.add(name, "This value should not be blank.");
        }
    }
}

fn rules_of_all(module: &Map<String, Value>, errors: &mut Errors) {
    let text = |name: &str| module.get(name).and_then(Value::as_str);
    if let (Some(code), Some(prefix)) = (text("code"), text("integrationCode"))
        && !code.starts_with(prefix)
    {
        errors.add("code", "Code prefix must match integrationCode");
    }
    if text("logo").is_some_and(|logo| !logo.split(['?', '#']).next().unwrap_or_default().ends_with(".svg")) {
        errors.add("logo", "Logo image must be svg");
    }
    if let Some(embed) = module.get("integrations").and_then(|all| all.get("embedJs")) {
        rules_of_pages(embed, errors);
    }
}

fn rules_of_pages(embed: &Value, errors: &mut Errors) {
    let members =
        |name: &str| embed.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let at = |name: &str| format!("integrations.embedJs.{name}");
    if !members("pages").is_empty() && embed.get("runner").and_then(Value::as_str) != Some(WORKER) {
        errors.add(at("runner"), "The value you selected is not a valid choice.");
    }
    let known = |target: &Value| target.as_str().is_some_and(|target| TARGETS.contains(&target));
    if members("targets").iter().any(|target| !known(target)) {
        errors.add(at("targets"), "The value you selected is not a valid choice.");
    }
    let mut codes: Vec<&str> =
        members("pages").iter().filter_map(|page| page.get("code").and_then(Value::as_str)).collect();
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    if codes.len() < all {
        errors.add(at("pages"), "This value is already used.");
    }
}

/// Takes out codes of users and shops that are not there, and lists them for `info`.
fn unknown_members(call: &Call<'_>, module: &mut Map<String, Value>) -> Map<String, Value> {
    let mut info = Map::new();
    let Some(telephony) = module.get_mut("integrations").and_then(|all| all.get_mut("telephony")) else {
        return info;
    };
    let mut split = |list: &str, member: &str, key: &str, is_known: &dyn Fn(&Value) -> bool| {
        let Some(Value::Array(rows)) = telephony.get_mut(list) else { return };
        let member_of = |row: &Value| row.get(member).cloned().unwrap_or_default();
        let unknown: Vec<Value> = rows.iter().map(member_of).filter(|value| !is_known(value)).collect();
        rows.retain(|row| is_known(&member_of(row)));
        if !unknown.is_empty() {
            info.insert(key.to_owned(), Value::Array(unknown));
        }
    };
    split("additionalCodes", "userId", "notExistUsersIds", &|id| {
        id.as_u64().is_some_and(|id| call.crm.user(id).is_some())
    });
    split("externalPhones", "siteCode", "notExistSiteCodes", &|code| {
        code.as_str().is_some_and(|code| call.crm.site(code).is_some())
    });
    info
}
