; Generated from the keyword table; UPDATE_EDITORS=1 cargo test

[
  (k_rules)
  (k_include)
  (k_filter)
  (k_settings)
  (k_table)
  (k_task)
  (k_fields_of)
  (k_transfer)
  (k_list)
  (k_script)
  (k_schedule)
] @keyword

[
  (k_for)
  (k_missed)
  (k_failed)
  (k_answered)
  (k_incoming_calls)
  (k_outgoing_calls)
  (k_calls)
  (k_chats)
  (k_requests)
  (k_orders)
] @type

[
  (k_accept)
  (k_reject)
  (k_first_match)
  (k_only_match)
  (k_all_matches)
  (k_title)
  (k_assign)
  (k_due)
  (k_note)
  (k_cancel)
  (k_template)
  (k_after)
  (k_working)
  (k_by)
  (k_client)
  (k_order)
  (k_from)
  (k_always)
  (k_column)
  (k_only_when)
  (k_funnel)
  (k_amount)
  (k_pass)
  (k_won)
  (k_lost)
  (k_function)
  (k_gives)
  (k_policy)
  (k_needs)
  (k_on_failure)
  (k_use_tables)
  (k_park)
] @keyword

[
  (k_or)
  (k_and)
  (k_not)
  (k_else)
  (k_when)
] @keyword.operator

[
  (k_is_missing)
  (k_is_present)
  (k_not_in)
  (k_in)
  (k_not_contains)
  (k_contains)
  (k_not_starts_with)
  (k_starts_with)
  (k_not_ends_with)
  (k_ends_with)
  (k_not_like)
  (k_like)
  (k_is_not)
  (k_is)
  (k_at_least)
  (k_at_most)
  (k_over)
  (k_under)
  (k_exactly)
  (k_missing)
  (k_present)
] @keyword.operator

[
  (k_yes)
  (k_no)
  (k_default)
] @constant.builtin

[
  (k_mon)
  (k_tue)
  (k_wed)
  (k_thu)
  (k_fri)
  (k_sat)
  (k_sun)
  (k_closed)
] @constant.builtin

[
  (k_type_text)
  (k_type_number)
  (k_type_yes_no)
  (k_type_phone)
  (k_type_duration)
  (k_type_moment)
  (k_type_date)
  (k_type_time)
  (k_list_of)
] @type.builtin

[
  (k_second)
  (k_minute)
  (k_hour)
  (k_day)
  (k_week)
] @number

(comment) @comment
(text) @string
(plain) @string
(escape) @string.escape
[(number) (phone) (date) (time) (moment) (amount) (edition)] @number
(path) @variable
(named (path) @function (arguments))
(refine (name) @function.builtin)
(table_head (name) @type.definition)
(list_head (name) @type.definition)
(schedule_head (name) @type.definition)
(function_line (name) @function)
(settings_line (name) @property)
(result_head (name) @property)
(code) @property
(ruler) @punctuation.delimiter
["|" (bars)] @punctuation.delimiter
["(" ")"] @punctuation.bracket
