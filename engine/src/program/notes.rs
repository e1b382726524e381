//! The long texts of a bundle, by number.
use crate::event::Event;
use crate::facts::Facts;
#[derive(Debug, Default)]
pub(crate) struct Notes;
impl Notes {
    pub(crate) fn render(&self, _n: usize, _e: &Event, _f: &Facts) -> Result<String, String> {
        Err(String::new())
    }
}
