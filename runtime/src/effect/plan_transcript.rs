//! What becomes of what was written in a chat: a note, a file, or nothing. Pure.
//!
//! Both forms have one key, so a conversation is kept once also when the settings change in between.

use jiff::tz::TimeZone;
use switchboard_engine::decide::{Decision, Entity};

use super::key;
use super::plan::{Before, Context, planned};
use super::request::{Need, Request, StoredError, Whose};
use super::request_chat::{AttachFile, NoteTranscript, UploadTranscript};
use crate::communication::{Whole, Written};
use crate::config::{Transcript, TranscriptForm};
use crate::directory::{crm_minute, crm_moment};
use crate::source::uis::LocalTime;
use crate::store::record::{EffectClass, EffectKey, NewEffect};

/// Plans that what was written is kept; nothing when nothing was written or nobody is there. `before` is the decision that
/// was made while the chat went on, if one was.
///
/// # Errors
///
/// [`StoredError`] when a request cannot be written down.
pub fn transcript(
    settings: Transcript,
    (written, whole): (&Written, &Whole),
    before: Option<&Before>,
    decision: &Decision,
    context: &Context<'_>,
) -> Result<Vec<NewEffect>, StoredError> {
    let zones = context.directory.zones();
    let marker = key::transcript_marker(context.account, context.session);
    let Some(text) = text(written, &zones.uis, &zones.crm, settings.letters) else { return Ok(Vec::new()) };
    let mut needs = Vec::new();
    let mut made = |entity, key: EffectKey| {
        let is_made = decision.creates(entity) || before.is_some_and(|before| before.creates(entity));
        is_made.then(|| {
            needs.push(Need { key: key.clone(), strict: false });
            Whose::Effect(key)
        })
    };
    let client = made(Entity::Client, key::client_key(context.session));
    let client = client.or(context.client.map(|client| Whose::Known(client.id))).unwrap_or(Whose::Nobody);
    let key = key::transcript_key(context.session);
    match settings.form {
        TranscriptForm::Note if client == Whose::Nobody => Ok(Vec::new()),
        TranscriptForm::Note => {
            let own = context.client.and_then(|client| client.site.clone());
            let site = decision.store.as_ref().map_or(context.site, |store| store.as_str());
            let site = own.unwrap_or_else(|| site.to_owned());
            let request = Request::NoteTranscript(NoteTranscript { marker, client, site, text });
            Ok(vec![planned(key, EffectClass::Probe, request, &needs, context.now)?])
        }
        TranscriptForm::File => {
            let order = made(Entity::Order, key::order_key(context.session)).unwrap_or(Whose::Nobody);
            if client == Whose::Nobody && order == Whose::Nobody {
                return Ok(Vec::new());
            }
            let text = format!("{text}\n\n{marker}\n");
            let upload = UploadTranscript { client: client.clone(), order: order.clone(), text };
            let upload = Request::UploadTranscript(upload);
            let upload = planned(key.clone(), EffectClass::Probe, upload, &needs, context.now)?;
            let began = crm_minute(whole.started.instant(), &zones.crm).replace(':', "-");
            let attach = AttachFile { file: key.clone(), name: format!("Чат {began}.txt"), client, order };
            needs.push(Need { key, strict: true });
            let attach_key = key::attach_key(context.session);
            let attach = Request::AttachFile(attach);
            let attach = planned(attach_key, EffectClass::Idempotent, attach, &needs, context.now)?;
            Ok(vec![upload, attach])
        }
    }
}

/// The conversation, line by line, of at most so many letters: the beginning goes first, because the end tells what came
/// of it.
fn text(written: &Written, uis: &TimeZone, crm: &TimeZone, most: usize) -> Option<String> {
    let mut lines = Vec::new();
    for message in written.messages() {
        let who = match message.source.as_deref() {
            Some("visitor" | "form_text") => "Посетитель",
            Some("operator") => message.employee.as_deref().unwrap_or("Оператор"),
            Some("chatbot") => "Бот",
            _ => continue,
        };
        let at = message.at.map(|at| match at {
            LocalTime::Instant(at) => crm_moment(at, crm),
            LocalTime::Local(local) => match uis.to_ambiguous_timestamp(local).compatible() {
                Ok(at) => crm_moment(at, crm),
                Err(_) => local.to_string(),
            },
        });
        let file = message.file.as_ref().map(|file| {
            let name = file.name.as_deref().unwrap_or_default();
            let link = file.link.as_ref().map(crate::source::uis::Link::as_str).unwrap_or_default();
            format!("[{}]", format!("{name} {link}").trim())
        });
        let said = message.text.as_ref().map(|text| text.0.clone());
        let said: Vec<String> = said.into_iter().chain(file).collect();
        if !said.is_empty() {
            lines.push(format!("{} {who}: {}", at.unwrap_or_default(), said.join(" ")).trim().to_owned());
        }
    }
    if lines.is_empty() {
        return None;
    }
    let whole = lines.join("\n");
    let letters = whole.chars().count();
    if letters <= most {
        return Some(whole);
    }
    Some(format!("…{}", whole.chars().skip(letters - most.saturating_sub(1)).collect::<String>()))
}
