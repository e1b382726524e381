//! The kinds of lines that there are.
//!
//! What a line should be is known before it is parsed, from its section and its first word. The parser turns it into
//! a grammar rule, the explanations into sentences.

/// A kind of line, or of table cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Statement {
    IncludeHead,
    FilterHead,
    SettingsHead,
    TableHead,
    TaskHead,
    FieldsHead,
    TransferHead,
    ListHead,
    ScriptHead,
    ScheduleHead,
    FilterLine,
    SettingsLine,
    ColumnCell,
    ResultHead,
    InputCell,
    ElseCell,
    ResultCell,
    TaskLine,
    FieldsLine,
    TransferLine,
    ListLine,
    FunctionLine,
    PolicyLine,
    FailureLine,
    ScheduleLine,
}

impl Statement {
    /// Whether comparisons may stand in such a line.
    pub(crate) const fn holds_conditions(self) -> bool {
        matches!(self, Self::FilterLine | Self::TaskHead | Self::TransferLine)
    }

    /// Whether operators may stand in such a line or cell.
    pub(crate) const fn holds_operators(self) -> bool {
        self.holds_conditions() || matches!(self, Self::InputCell)
    }

    /// Whether a colon has a place in such a line.
    pub(crate) const fn holds_colon(self) -> bool {
        matches!(
            self,
            Self::SettingsLine
                | Self::TaskLine
                | Self::TransferLine
                | Self::FailureLine
                | Self::ScheduleLine
                | Self::FunctionLine
                | Self::ListHead
        )
    }
}
