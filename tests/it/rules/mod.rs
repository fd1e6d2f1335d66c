//! The rules themselves, without an attribute.

mod operators;
mod origin_grammar;
mod suggestions;
