//! Names that are the same each time the same thing is asked for.
//!
//! Goes in: account, contact, session, task. Comes out: the key of an effect in our store, the `externalId` of a record
//! in RetailCRM, the marker of a task. All of them follow from what happened and from nothing else (no counter, no
//! clock), so that whatever is repeated (a delivery, a decision, a request) is recognised as the same.

use jiff::Timestamp;

use crate::crm::FieldEntity;
use crate::store::record::{AccountId, EffectKey, SessionKey};

/// Bytes of a hash that an external id keeps: 128 bits.
const EXTERNAL_ID_BYTES: usize = 16;
/// Bytes of a hash that a marker keeps: 40 bits, eight letters. It is only compared among the tasks of one person in a
/// few days.
const MARKER_BYTES: usize = 5;

/// The key of the client of a communication.
pub fn client_key(session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("client:{}", session.as_str()))
}

/// The key of the order of a communication.
pub fn order_key(session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("order:{}", session.as_str()))
}

/// The key of the order that a communication joins.
pub fn join_key(session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("join:{}", session.as_str()))
}

/// The key of a task of a communication.
pub fn task_key(session: &SessionKey, task: &str) -> EffectKey {
    EffectKey::new(format!("task:{}:{task}", session.as_str()))
}

/// The key of the completion of a task whose client was reached.
pub fn reached_key(task: &EffectKey) -> EffectKey {
    EffectKey::new(format!("reached:{}", task.as_str()))
}

/// The key of the note with recordings of a call that are not in the history.
pub fn records_key(session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("records:{}", session.as_str()))
}

/// The key of the personal manager in the address book of UIS.
pub fn manager_key(session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("manager:{}", session.as_str()))
}

/// The mark by which that note is recognised.
pub fn records_marker(account: &AccountId, session: &SessionKey) -> String {
    format!("#u-{}", digest::<MARKER_BYTES>(&["records", account.as_str(), session.as_str()]))
}

/// The key of contacts that were left later, by what they are.
pub fn contact_key<'c>(session: &SessionKey, contacts: impl Iterator<Item = &'c str>) -> EffectKey {
    let contacts: Vec<&str> = contacts.collect();
    EffectKey::new(format!("contact:{}:{}", session.as_str(), digest::<MARKER_BYTES>(&contacts)))
}

/// The key of the note or the file with what was written in a chat.
pub fn transcript_key(session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("transcript:{}", session.as_str()))
}

/// The key of the attaching of that file.
pub fn attach_key(session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("attach:{}", session.as_str()))
}

/// The mark by which that note or file is recognised.
pub fn transcript_marker(account: &AccountId, session: &SessionKey) -> String {
    format!("#u-{}", digest::<MARKER_BYTES>(&["transcript", account.as_str(), session.as_str()]))
}

/// The key of the fields of a client or an order, written when a communication ended.
pub fn fields_key(entity: FieldEntity, session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("fields:{}:{}", entity_word(entity), session.as_str()))
}

/// The key of the fields that became known with the recording.
pub fn late_fields_key(entity: FieldEntity, session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("fields:{}:{}:record", entity_word(entity), session.as_str()))
}

/// The key of the upload of a call.
pub fn call_key(session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("call:{}", session.as_str()))
}

/// The key of the upload of a call whose recording became known after the first one.
pub fn call_again_key(session: &SessionKey) -> EffectKey {
    EffectKey::new(format!("call:{}:again", session.as_str()))
}

/// The key of the note with recordings that became known after the upload.
pub fn late_records_key(session: &SessionKey, links: &[String]) -> EffectKey {
    EffectKey::new(format!("records:{}:{}", session.as_str(), late_records(&[session.as_str()], links)))
}

/// The mark by which that note is recognised.
pub fn late_records_marker(account: &AccountId, session: &SessionKey, links: &[String]) -> String {
    format!("#u-{}", late_records(&[account.as_str(), session.as_str()], links))
}

fn late_records(of: &[&str], links: &[String]) -> String {
    let parts: Vec<&str> = ["late records"]
        .into_iter()
        .chain(of.iter().copied())
        .chain(links.iter().map(String::as_str))
        .collect();
    digest::<MARKER_BYTES>(&parts)
}

/// The external id of a client, by phone or whatever else the contact is known by.
pub fn client_external_id(account: &AccountId, contact: &str) -> String {
    format!("uis-{}", digest::<EXTERNAL_ID_BYTES>(&["client", account.as_str(), contact]))
}

/// The external id of the order of a communication.
pub fn order_external_id(account: &AccountId, session: &SessionKey) -> String {
    format!("uis-{}", digest::<EXTERNAL_ID_BYTES>(&["order", account.as_str(), session.as_str()]))
}

/// The external id of a call in the history; readable, because people meet it.
pub fn call_external_id(session: &SessionKey) -> String {
    format!("uis-{}", session.as_str().replace(':', "-"))
}

/// The mark by which a task is recognised, written into its details.
pub fn task_marker(account: &AccountId, session: &SessionKey, task: &str) -> String {
    format!("#u-{}", digest::<MARKER_BYTES>(&["task", account.as_str(), session.as_str(), task]))
}

/// The key of a wait for a person, one for each time that rules asked for it.
pub fn person_key(session: &SessionKey, now: Timestamp) -> EffectKey {
    EffectKey::new(format!("person:{}:{}", session.as_str(), now.as_microsecond()))
}

fn entity_word(entity: FieldEntity) -> &'static str {
    match entity {
        FieldEntity::Customer => "client",
        FieldEntity::Order => "order",
    }
}

/// The first `N` bytes of a hash of the parts, in letters and digits that survive every copy and every search.
fn digest<const N: usize>(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        // The length in front keeps ("ab", "c") and ("a", "bc") apart.
        hasher.update(&part.len().to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut bytes = [0; N];
    hasher.finalize_xof().fill(&mut bytes);
    data_encoding::BASE32_NOPAD.encode(&bytes).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_the_same_for_ever() {
        // Written down, because a change would make every record of every account anew.
        let (account, session) = (AccountId::from("romashka"), SessionKey::from("call:998700001"));
        let names = [
            client_key(&session).as_str().to_owned(),
            order_key(&session).as_str().to_owned(),
            join_key(&session).as_str().to_owned(),
            task_key(&session, "missed incoming calls").as_str().to_owned(),
            fields_key(FieldEntity::Customer, &session).as_str().to_owned(),
            late_fields_key(FieldEntity::Order, &session).as_str().to_owned(),
            call_key(&session).as_str().to_owned(),
            client_external_id(&account, "+79990001122"),
            order_external_id(&account, &session),
            call_external_id(&session),
            task_marker(&account, &session, "missed incoming calls"),
            reached_key(&task_key(&session, "missed incoming calls")).as_str().to_owned(),
            records_key(&session).as_str().to_owned(),
            records_marker(&account, &session),
            manager_key(&session).as_str().to_owned(),
            call_again_key(&session).as_str().to_owned(),
            late_records_key(&session, &["https://media.uiscom.ru/1".to_owned()]).as_str().to_owned(),
            late_records_marker(&account, &session, &["https://media.uiscom.ru/1".to_owned()]),
            transcript_key(&session).as_str().to_owned(),
            attach_key(&session).as_str().to_owned(),
        ];
        insta::assert_snapshot!(names.join("\n"), @r"
        client:call:998700001
        order:call:998700001
        join:call:998700001
        task:call:998700001:missed incoming calls
        fields:client:call:998700001
        fields:order:call:998700001:record
        call:call:998700001
        uis-qj2ryxdbwm3nvze7e3t652te24
        uis-sroadbigorenoigtyktykcyydu
        uis-call-998700001
        #u-x2zy47vq
        reached:task:call:998700001:missed incoming calls
        records:call:998700001
        #u-wezc5vt3
        manager:call:998700001
        call:call:998700001:again
        records:call:998700001:seea7fei
        #u-6frk3odn
        transcript:call:998700001
        attach:call:998700001
        ");
    }

    #[test]
    fn accounts_contacts_and_kinds_are_told_apart() {
        let (a, b) = (AccountId::from("a"), AccountId::from("ab"));
        let session = SessionKey::from("call:1");
        let all = [
            client_external_id(&a, "bc"),
            client_external_id(&b, "c"),
            client_external_id(&a, "call:1"),
            order_external_id(&a, &session),
            order_external_id(&b, &session),
        ];
        let unique: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(unique.len(), all.len());
    }
}
