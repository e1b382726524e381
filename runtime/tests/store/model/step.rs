//! One step of a history. Which event, lease or effect it is about is picked from those there are when it is played.

use proptest::prelude::*;
use proptest::sample::Index;
use switchboard_runtime::store::record::{EffectState, Phase};

/// What happens next.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// An event arrives.
    Accept { account: u8, dedup: u8, session: Option<u8>, contact: Option<u8>, parsed: bool },
    /// A worker asks for lanes.
    Claim { limit: usize },
    /// A worker reads its lane and finishes its events.
    Finish { lease: Index, how: Finish },
    /// A worker writes a communication.
    Put { lease: Index, session: u8, phase: Phase, due: Option<u8> },
    /// A worker plans effects.
    Plan { lease: Index, session: u8, keys: Vec<(u8, bool, u8)> },
    /// A worker says what became of an effect.
    Progress { lease: Index, effect: Index, state: EffectState, delay: u8 },
    /// A worker learns the contact of its session.
    Move { lease: Index, contact: u8 },
    /// A worker needs more time.
    Renew { lease: Index },
    /// A worker is through.
    Release { lease: Index, wake: Option<u8> },
    /// Time goes by.
    Advance { seconds: u8 },
    /// The process dies and starts again.
    Crash,
    /// The account is stopped, or resumed.
    Stop { account: u8, stopped: bool },
    /// Somebody has a parked event tried again.
    RetryEvent { event: Index },
    /// Somebody has a dead effect tried again.
    RetryEffect { effect: Index },
}

/// What becomes of the events of a lane.
#[derive(Clone, Copy, Debug)]
pub(super) enum Finish {
    /// All are done.
    All,
    /// The first is done.
    First,
    /// The first is tried again after so many seconds.
    Retry(u8),
    /// The first is parked.
    Park,
    /// All are done, and then something that cannot be.
    Impossible,
}

impl Step {
    /// Returns steps of which a history is made.
    pub(super) fn any() -> impl Strategy<Value = Self> {
        let index = any::<Index>;
        let phase = prop::sample::select(vec![Phase::Open, Phase::Ending, Phase::Decided, Phase::Closed]);
        let state = prop::sample::select(vec![
            EffectState::Ready,
            EffectState::InFlight,
            EffectState::Unknown,
            EffectState::Done,
            EffectState::Held,
            EffectState::Dead,
        ]);
        let seconds = || 0..60_u8;
        prop_oneof![
            12 => (0..2_u8, 0..12_u8, prop::option::of(0..3_u8), prop::option::of(0..2_u8), prop::bool::weighted(0.9))
                .prop_map(|(account, dedup, session, contact, parsed)| {
                    Self::Accept { account, dedup, session, contact, parsed }
                }),
            8 => (1..4_usize).prop_map(|limit| Self::Claim { limit }),
            8 => (index(), Finish::any()).prop_map(|(lease, how)| Self::Finish { lease, how }),
            3 => (index(), 0..3_u8, phase, prop::option::of(seconds()))
                .prop_map(|(lease, session, phase, due)| Self::Put { lease, session, phase, due }),
            3 => (index(), 0..3_u8, prop::collection::vec((0..9_u8, any::<bool>(), seconds()), 1..3))
                .prop_map(|(lease, session, keys)| Self::Plan { lease, session, keys }),
            4 => (index(), index(), state, seconds())
                .prop_map(|(lease, effect, state, delay)| Self::Progress { lease, effect, state, delay }),
            1 => (index(), 0..2_u8).prop_map(|(lease, contact)| Self::Move { lease, contact }),
            1 => index().prop_map(|lease| Self::Renew { lease }),
            8 => (index(), prop::option::of(seconds())).prop_map(|(lease, wake)| Self::Release { lease, wake }),
            6 => seconds().prop_map(|seconds| Self::Advance { seconds }),
            1 => Just(Self::Crash),
            1 => (0..2_u8, any::<bool>()).prop_map(|(account, stopped)| Self::Stop { account, stopped }),
            1 => index().prop_map(|event| Self::RetryEvent { event }),
            1 => index().prop_map(|effect| Self::RetryEffect { effect }),
        ]
    }
}

impl Finish {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            4 => Just(Self::All),
            2 => Just(Self::First),
            1 => (0..60_u8).prop_map(Self::Retry),
            1 => Just(Self::Park),
            1 => Just(Self::Impossible),
        ]
    }
}
