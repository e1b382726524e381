// Lines: where one begins, at the left margin or indented, and where one ends.
//
// A line begins with its first word; blank lines and lines of comments begin nothing. It ends with its line break, or with
// the file, unless a bracket is open: then the grammar does not ask for an end, and the break is a blank like any other.

#include "tree_sitter/parser.h"

enum Token { MARGIN, INDENT, END, NEVER };

void *tree_sitter_rules_external_scanner_create(void) { return NULL; }

void tree_sitter_rules_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_rules_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}

void tree_sitter_rules_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

static bool is_blank(int32_t ch) {
  return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\f' || ch == 0xFEFF || ch == 0xA0;
}

bool tree_sitter_rules_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  // While an error is being repaired everything is valid, the token that never comes as well.
  if (valid[NEVER]) return false;
  if (valid[END]) {
    while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
    if (lexer->eof(lexer)) {
      lexer->result_symbol = END;
      return true;
    }
    if (lexer->lookahead == '\n') {
      lexer->advance(lexer, true);
      lexer->mark_end(lexer);
      lexer->result_symbol = END;
      return true;
    }
    return false;
  }
  if (valid[MARGIN] || valid[INDENT]) {
    while (is_blank(lexer->lookahead) || lexer->lookahead == '\n') lexer->advance(lexer, true);
    if (lexer->eof(lexer) || lexer->lookahead == '#') return false;
    lexer->mark_end(lexer);
    enum Token token = lexer->get_column(lexer) == 0 ? MARGIN : INDENT;
    if (!valid[token]) return false;
    lexer->result_symbol = token;
    return true;
  }
  return false;
}
