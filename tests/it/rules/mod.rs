//! The rules themselves, without an attribute.

mod origin_grammar;
mod suggestions;
