//! Code that the compiler accepts without a word: the counterparts of the cases in `tests/ui`.
#![deny(warnings)]

pub mod by_hand;
mod fragments;
mod module_conditions;
mod module_paths;
mod other_macros;
mod policies;
mod silenced_warnings;
