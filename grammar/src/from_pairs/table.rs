//! Tables: the header line and single cells; rows are cut into cells before.

use super::Reader;
use crate::ast::{
    Alternative, Cell, CellKind, CellTest, Column, Events, HitPolicy, Name, Operand, ResultCell, Word,
};
use crate::keywords::Keyword;
use crate::pairs::{Node, Symbol};
use crate::span::Span;

/// What a table's header line says.
pub(crate) struct TableHead {
    pub(crate) word: Word,
    pub(crate) name: Name,
    pub(crate) events: Events,
    pub(crate) hit: HitPolicy,
    pub(crate) hit_word: Option<Word>,
}

impl Reader<'_> {
    /// `table NAME for …, first match`.
    pub(crate) fn table_head(&mut self, node: &Node<'_>) -> Option<TableHead> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        let name = self.name(&nodes.next()?);
        let events = self.events(&nodes.next()?)?;
        let hit_word = self.next_word(&mut nodes);
        let hit = match hit_word.map(|word| word.keyword) {
            Some(Keyword::OnlyMatch) => HitPolicy::Only,
            Some(Keyword::AllMatches) => HitPolicy::All,
            _ => HitPolicy::First,
        };
        Some(TableHead { word, name, events, hit, hit_word })
    }

    /// A cell of the first row, left of `||`.
    pub(crate) fn column_cell(&mut self, node: &Node<'_>, span: Span) -> Option<Column> {
        let value = self.value(&node.clone().into_inner().next()?)?;
        Some(Column { span, value })
    }

    /// A cell of the first row, right of `||`.
    pub(crate) fn result_head(&mut self, node: &Node<'_>) -> Option<Name> {
        Some(self.name(&node.clone().into_inner().next()?))
    }

    /// The word `else` in the first cell of a row.
    pub(crate) fn else_cell(&mut self, node: &Node<'_>) -> Option<Word> {
        self.next_word(&mut node.clone().into_inner())
    }

    /// A cell left of `||`.
    pub(crate) fn input_cell(&mut self, node: &Node<'_>, span: Span) -> Option<Cell> {
        let content = node.clone().into_inner().next()?;
        if content.as_rule() == Symbol::any {
            return Some(Cell { span, kind: CellKind::Any });
        }
        let mut not = None;
        let mut alternatives = Vec::new();
        for part in content.into_inner() {
            match part.as_rule() {
                Symbol::k_not => not = self.word(&part),
                _ => alternatives.push(self.alternative(&part)?),
            }
        }
        Some(Cell { span, kind: CellKind::Tests { not, alternatives } })
    }

    /// A cell right of `||`.
    pub(crate) fn result_cell(&mut self, node: &Node<'_>, span: Span) -> Option<ResultCell> {
        Some(ResultCell { span, values: self.values(node.clone().into_inner())? })
    }

    fn alternative(&mut self, node: &Node<'_>) -> Option<Alternative> {
        let span = self.span(node);
        let mut tests = Vec::new();
        let mut words: Vec<Word> = Vec::new();
        for part in node.clone().into_inner() {
            match part.as_rule() {
                Symbol::k_and => words.extend(self.word(&part)),
                _ => tests.push(self.cell_test(&part)?),
            }
        }
        Some(Alternative { span, tests, words })
    }

    fn cell_test(&mut self, node: &Node<'_>) -> Option<CellTest> {
        let span = self.span(node);
        let mut nodes = node.clone().into_inner();
        let first = nodes.next()?;
        if first.as_rule() == Symbol::item {
            return Some(CellTest { span, operator: None, operand: Operand::One(self.item(&first)?) });
        }
        let operator = self.operator(&first)?;
        let (operand, _) = self.operand(nodes.next().as_ref())?;
        Some(CellTest { span, operator: Some(operator), operand })
    }
}
