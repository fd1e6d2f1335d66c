//! Where the attribute may be, what it may say, and what it shares an item with.

pub mod accepted;
mod bases;
mod conditions;
mod delimiters;
mod modules;
mod other_crates;
