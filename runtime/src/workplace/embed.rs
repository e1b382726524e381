//! What is registered in RetailCRM, and the files that browsers get.
//!
//! `front/embed.js` runs apart from the CRM's page and describes what the CRM is to draw there: a frame with our page.
//! It is built from `front/embed.src.js` and the vendor's packages by `front/build`, and kept, so that whoever builds the
//! server needs nothing but Rust. `front/page.js` and `front/page.css` belong to our page and are written by hand.

use crate::config::Workplace;
use crate::crm::{EmbedJs, EmbedPage, MenuTitle};

/// Where everything of the workplace begins, and the page itself.
pub const PATH: &str = "/retailcrm/workplace";
/// The script that RetailCRM runs.
pub const EMBED_PATH: &str = "/retailcrm/workplace/embed.js";
/// The script of the page.
pub const PAGE_JS_PATH: &str = "/retailcrm/workplace/page.js";
/// The look of the page.
pub const PAGE_CSS_PATH: &str = "/retailcrm/workplace/page.css";

/// The script that RetailCRM runs.
pub const EMBED_JS: &str = include_str!("front/embed.js");
/// The script of the page.
pub const PAGE_JS: &str = include_str!("front/page.js");
/// The look of the page.
pub const PAGE_CSS: &str = include_str!("front/page.css");

/// The code of the page; the script knows it by the same one.
const PAGE: &str = "workplace";
/// What people see in the menu.
const TITLE: MenuTitle =
    MenuTitle { ru: "Рабочее место UIS", en: "UIS workplace", es: "Puesto de UIS" };

/// What is registered; nothing while the page is switched off.
pub fn embedded(settings: &Workplace, public_url: &str) -> Option<EmbedJs> {
    let page = || EmbedPage { code: PAGE, menu: settings.menu.clone(), menu_item_title: TITLE };
    settings.active.then(|| EmbedJs {
        entrypoint: format!("{public_url}{EMBED_PATH}"),
        runner: "worker",
        pages: vec![page()],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_has_the_page_that_is_registered() {
        assert!(EMBED_JS.contains(&format!("{PAGE}:")), "the script knows the page by its code");
        assert!(EMBED_JS.contains(&format!("{PATH}/session")), "the script asks where tickets are given");
        assert_eq!(embedded(&Workplace::default(), "https://a.ru"), None);
    }
}
