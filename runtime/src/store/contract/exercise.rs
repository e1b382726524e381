//! The list of cases, and running it.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::rig::{Broken, Outcome, Rig};
use super::{
    clicks, deals, inbox, lanes, leases, popups, readiness, rulings, sessions, shadows, upkeep, views, work,
};

/// One thing that must hold.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What it says.
    pub name: &'static str,
    run: for<'r> fn(&'r dyn Rig) -> BoxFuture<'r, Outcome>,
}

macro_rules! cases {
    ($($room:ident: $($case:ident),+;)+) => {
        /// All cases.
        pub const CASES: &[Case] = &[
            $($(Case {
                name: concat!(stringify!($room), "::", stringify!($case)),
                run: |rig| $room::$case(rig).boxed(),
            }),+),+
        ];
    };
}

cases! {
    inbox:
        an_event_is_new_once,
        of_many_equal_events_at_once_one_is_new,
        what_was_accepted_outlives_a_crash,
        numbers_grow_and_are_not_used_twice,
        bodies_come_back_byte_for_byte,
        unparsed_events_are_kept_and_given_to_nobody,
        a_full_queue_sheds_and_tells_the_truth;
    lanes:
        events_of_a_lane_come_in_the_order_of_arrival,
        a_long_lane_comes_in_pieces,
        claims_at_the_same_time_share_no_lane,
        the_lane_that_was_ready_first_is_first,
        accounts_take_turns,
        one_claim_serves_every_account_before_any_twice,
        no_account_gets_more_lanes_than_it_has_room,
        a_stopped_account_waits_and_loses_nothing,
        what_arrives_raises_the_hint;
    leases:
        a_lease_runs_out_and_the_old_owner_is_fenced,
        a_released_lease_is_void,
        renewing_keeps_others_out,
        a_lease_of_no_length_is_refused,
        a_crash_ends_leases_and_keeps_epochs,
        epochs_grow_over_all_lanes;
    readiness:
        what_arrives_before_the_release_is_not_slept_over,
        accepting_and_releasing_at_once_loses_no_wake_up,
        an_idle_lane_is_not_ready,
        each_kind_of_pending_work_sets_the_moment,
        the_earliest_moment_counts,
        the_first_effect_holds_those_behind_it,
        the_worker_may_wake_itself_earlier,
        the_claim_says_when_to_come_back;
    sessions:
        what_came_without_a_contact_follows_the_contact,
        a_late_event_finds_the_lane_by_its_session,
        the_first_contact_of_a_session_wins,
        a_move_takes_the_lane_from_its_worker,
        a_move_into_a_leased_lane_shows_on_release,
        a_worker_may_move_a_session,
        a_communication_is_in_one_lane,
        a_retry_goes_where_the_session_is_now;
    work:
        a_commit_is_all_or_nothing,
        a_bad_commit_does_not_harm_its_neighbours,
        only_available_events_of_the_lane_can_be_finished,
        events_are_tried_again_or_parked,
        an_effect_is_planned_once,
        a_done_effect_stays_done_and_a_dead_one_may_be_revived,
        an_effect_in_flight_is_an_orphan_after_a_crash,
        a_late_event_brings_its_closed_communication,
        effects_come_in_order_with_the_held_ones,
        links_are_written_replaced_and_dropped;
    views:
        the_overview_counts_what_is_unfinished,
        recent_communications_page_without_gaps,
        communications_are_found_by_lane_session_and_remote_id,
        the_timeline_shows_everything_of_a_session,
        what_was_given_up_is_listed_and_can_be_retried,
        cursors_and_stops_outlive_a_crash;
    popups:
        a_popup_is_written_by_who_read_it_last,
        open_popups_outlive_a_crash_and_are_listed,
        closed_popups_are_pruned_and_open_ones_kept;
    clicks:
        a_double_click_is_one_within_its_window,
        a_click_is_taken_once_even_after_a_crash,
        a_call_makes_an_unknown_click_a_started_one,
        finished_clicks_are_pruned_with_the_bodies;
    deals:
        a_burst_is_one_order_and_outlives_a_crash,
        a_change_that_comes_meanwhile_is_not_taken_for_done,
        steps_are_kept_once_and_until_they_are_told,
        closed_deals_are_forgotten_and_open_ones_are_not,
        orders_page_and_parties_are_remembered;
    shadows:
        comparisons_add_up_and_outlive_a_crash,
        what_is_kept_of_comparisons_is_bounded,
        old_comparisons_are_pruned;
    rulings:
        old_rulings_are_pruned;
    upkeep:
        pruning_takes_finished_records_and_no_others,
        pruning_is_bounded,
        a_pruned_session_can_begin_again,
        probe_and_checkpoint_answer,
        a_closed_store_says_so_and_opens_again;
}

/// Runs all cases, each on a place of its own, and returns those that failed.
pub async fn exercise(new_place: impl Fn() -> Box<dyn Rig>) -> Vec<Broken> {
    let mut broken = Vec::new();
    for case in CASES {
        let rig = new_place();
        if let Err(reason) = (case.run)(rig.as_ref()).await {
            broken.push(Broken { case: case.name, reason });
        }
    }
    broken
}
