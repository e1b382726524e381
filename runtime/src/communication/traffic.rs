//! What all communications say of where they came from, in the words of the rules.
//!
//! Calls and what is written have structs of their own, made of tables, with the same names of UIS; so this is a macro over
//! the names, and the list of fields stands once.

/// Sets marketing, visitor, tags, segments of `$values` in an event's builder and gives the builder back. `$tags` and
/// `$segments` are what iterates over texts, `$region` is an optional text.
macro_rules! set_traffic {
    ($builder:expr, $values:expr, tags: $tags:expr, segments: $segments:expr, region: $region:expr) => {{
        let values = $values;
        let texts = |list: &mut dyn Iterator<Item = &String>| {
            Value::list(list.map(|text| Value::text(text.as_str())))
        };
        let mut builder = $builder
            .set("tags", texts(&mut $tags))
            .set("segments", texts(&mut $segments))
            .set("visitor.id", values.visitor_id.map_or(Value::Missing, |id| Value::text(id.to_string())));
        let region: Option<&String> = $region;
        for (name, value) in [
            ("site", values.site_domain_name.as_ref()),
            ("campaign", values.campaign_name.as_ref()),
            ("source", values.source_name.as_ref()),
            ("utm.source", values.utm_source.as_ref()),
            ("utm.medium", values.utm_medium.as_ref()),
            ("utm.campaign", values.utm_campaign.as_ref()),
            ("utm.content", values.utm_content.as_ref()),
            ("utm.term", values.utm_term.as_ref()),
            ("visitor.city", values.visitor_city.as_ref()),
            ("visitor.region", region),
            ("visitor.country", values.visitor_country.as_ref()),
            ("visitor.device", values.visitor_device.as_ref()),
            ("search_query", values.search_query.as_ref()),
            ("referrer", values.referrer.as_ref()),
            ("landing_page", values.entrance_page.as_ref()),
        ] {
            builder = builder.set(name, value.map_or(Value::Missing, |text| Value::text(text.as_str())));
        }
        // Enums of UIS are open; names that we do not know pass as texts.
        builder.set_json("marketing_channel", &json!(values.channel))
    }};
}

pub(super) use set_traffic;
