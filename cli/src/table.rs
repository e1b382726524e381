//! Plain tables: for the terminal, aligned by display width, and for Markdown.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use crate::style;

/// Rows under a heading; every row is as long as the heading.
#[derive(Debug)]
pub(crate) struct Table {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(heading: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { heading: heading.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Writes columns of equal width, two spaces apart.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let widths = self.widths();
        let bold = style::NAME;
        writeln!(out, "{bold}{}{bold:#}", line(&self.heading, &widths))?;
        for row in &self.rows {
            writeln!(out, "{}", line(row, &widths))?;
        }
        Ok(())
    }

    /// Writes a Markdown table.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(crate) fn write_markdown(&self, out: &mut impl Write) -> io::Result<()> {
        let cells = |row: &[String]| {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |", cells.join(" | "))
        };
        writeln!(out, "{}", cells(&self.heading))?;
        writeln!(out, "|{}", " --- |".repeat(self.heading.len()))?;
        for row in &self.rows {
            writeln!(out, "{}", cells(row))?;
        }
        Ok(())
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.heading.iter().map(|cell| cell.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        widths
    }
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in row.iter().zip(widths) {
        line.push_str(cell);
        line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
    }
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(["имя", "type"]);
        table.row(["телефон", "a|b"]);
        table
    }

    #[test]
    fn columns_line_up_under_cyrillic() {
        let mut out = Vec::new();
        table().write(&mut out).unwrap();
        let plain = String::from_utf8(anstream::adapter::strip_bytes(&out).into_vec()).unwrap();
        assert_eq!(plain, "имя      type\nтелефон  a|b\n");
    }

    #[test]
    fn a_bar_in_a_cell_does_not_open_a_column() {
        let mut out = Vec::new();
        table().write_markdown(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "| имя | type |\n| --- | --- |\n| телефон | a\\|b |\n");
    }
}
