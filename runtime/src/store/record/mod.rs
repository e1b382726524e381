//! What a store keeps.

mod click;
mod deal;
mod event;
mod ids;
mod lease;
mod popup;
mod ruling;
mod shadow;
mod view;
mod work;

pub use click::{Click, ClickAccepted, ClickProgress, ClickState, NewClick, NoticeState};
pub use deal::{Deal, DealCounts, DealState, Due, Mark, Noted, OrderId, PartyKey, Settled, Step, Wanted};
pub use event::{Accepted, Event, EventState, NewEvent, Origin, Parse};
pub use ids::{
    AccountId, Body, ClickId, DecisionId, EffectId, EffectKey, Epoch, EventSeq, Json, LaneKey, NaturalKey,
    SessionKey,
};
pub use lease::{Change, Claim, Claimed, Committed, LaneWork, Lease, Planned, PutCommunication, Rooms};
pub use popup::PopUp;
pub use ruling::{NewRuling, Ruling, RulingKind};
pub use shadow::{
    ShadowBounds, ShadowClass, ShadowCounts, ShadowGroup, ShadowKey, ShadowPair, ShadowRetention, ShadowRun,
    ShadowSeen, ShadowTally,
};
pub use view::{
    AccountOverview, Activity, CommunicationCounts, Cursor, EffectCounts, EventCounts, Find, Listed, Page,
    Pruned, Retention, Timeline,
};
pub use work::{
    Communication, Decision, Effect, EffectClass, EffectState, Link, NewDecision, NewEffect, Phase, Progress,
};
